"""The verbs of a case; everything a view or task may call is importable from here."""

from requests_app.services.classifying import open_secret
from requests_app.services.clocks import current_clocks, planned_clocks, refresh_clocks
from requests_app.services.confirming import answer_by_link, ask_to_confirm, link_of, log_call
from requests_app.services.consulting import note_positions_read
from requests_app.services.copying import ask_for_patrol, copy_case
from requests_app.services.erasing import erase_text
from requests_app.services.fetching import fetch_paper, open_papers
from requests_app.services.filing import (
    bodies_to_ask,
    save_answers,
    taken_over_since,
    who_writes,
    written_by_page,
)
from requests_app.services.forgetting import destroy_names
from requests_app.services.hard_stops import act_on_register
from requests_app.services.importing import import_past, keep_for_preview, preview_of
from requests_app.services.incidents import answer_incident
from requests_app.services.moving import Refused, make_move
from requests_app.services.papers import (
    Gone,
    OutOfOrder,
    Spoilt,
    attach_file,
    begin_file,
    count_file,
    give_up,
    remove_file,
    sweep_arriving,
    take_piece,
    withdraw_file,
)
from requests_app.services.policies import confirm_policy, propose_policy, refuse_policy
from requests_app.services.preparing import save_sheet
from requests_app.services.reversing import expire_reverse, file_reverse, move_reverse, remind_reverse
from requests_app.services.starting import start_case
from requests_app.services.sweeping import end_patrols_due, expire_due, flag_overruns, lapse_due, remind_due, report_due

__all__ = [
    "ask_for_patrol",
    "end_patrols_due",
    "expire_reverse",
    "file_reverse",
    "move_reverse",
    "remind_reverse",
    "answer_incident",
    "Gone",
    "OutOfOrder",
    "Refused",
    "act_on_register",
    "answer_by_link",
    "ask_to_confirm",
    "Spoilt",
    "attach_file",
    "begin_file",
    "bodies_to_ask",
    "confirm_policy",
    "copy_case",
    "count_file",
    "current_clocks",
    "destroy_names",
    "erase_text",
    "expire_due",
    "fetch_paper",
    "give_up",
    "flag_overruns",
    "import_past",
    "keep_for_preview",
    "lapse_due",
    "link_of",
    "log_call",
    "make_move",
    "note_positions_read",
    "open_papers",
    "open_secret",
    "planned_clocks",
    "preview_of",
    "propose_policy",
    "refuse_policy",
    "refresh_clocks",
    "remind_due",
    "remove_file",
    "report_due",
    "save_answers",
    "save_sheet",
    "start_case",
    "sweep_arriving",
    "take_piece",
    "taken_over_since",
    "who_writes",
    "withdraw_file",
    "written_by_page",
]
