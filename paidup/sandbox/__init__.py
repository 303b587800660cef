"""The sandbox vendor's website: the form its fields are in, framed by pages where one pays."""
