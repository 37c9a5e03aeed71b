"""Pages of a request: filing.py before it is sent, case.py its life, force.py the force's own, register.py the lists."""
