"""Pages of a request: filing.py before it is sent, case.py its life, force.py for forces, register.py the lists."""
