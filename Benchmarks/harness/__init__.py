"""The benchmark: nginx and the gateway in turns, in one run, on one machine, over loopback."""
