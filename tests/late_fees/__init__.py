"""Tests of late fees."""
