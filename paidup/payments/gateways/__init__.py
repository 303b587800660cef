"""Payment gateways behind one interface; all the house knows of them is `interface.py`."""
