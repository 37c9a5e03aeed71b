"""What do others hear of the force register, in the same transaction?"""

from django.dispatch import Signal

# A status was proposed or answered. Sent with `status` (ForceStatus) and `now`; a receiver that fails undoes it all.
status_changed = Signal()
