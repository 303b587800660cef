"""Payment gateways behind one interface; `interface.py` is all the rest of the house knows of them."""
