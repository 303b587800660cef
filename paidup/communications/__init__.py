"""Communications: carries messages, and asks the room a message comes from before it leaves."""
