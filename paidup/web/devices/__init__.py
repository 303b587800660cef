"""The devices where a person is signed in."""
