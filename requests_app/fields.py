"""Where does each field of domain.md §3.1, §3.2 and §3.6 stand? docs/fields.md is written from this.

Several names of the domain may share a column (an exit plan is also the discontinuation plan): nothing is asked twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps

from cmcoord.activity.barrier import Line, Release, highest, line_of


@dataclass(frozen=True)
class Field:
    """One field of the domain: its form, the columns that hold it ("Case.need …"), in which half it is asked, who
    answers, when it must be answered, its name in both languages, and the clause for which it is asked."""

    form: str
    name: str
    held: str
    half: str
    by: str
    required: str
    label_en: str
    label_fr: str
    clause: str = ""

    @property
    def columns(self) -> list[tuple[type, str]]:
        """The model and the field of each column."""
        pairs = (each.split(".") for each in self.held.split())
        return [(apps.get_model("requests_app", model), column) for model, column in pairs]

    @property
    def lines(self) -> list[Line]:
        return [line_of(model, column) for model, column in self.columns]

    @property
    def sensitivity(self) -> str:
        """That of its most sensitive column."""
        return highest(line.sensitivity for line in self.lines).value

    @property
    def told(self) -> str:
        """What a force gets of it, and from when; the strictest of its columns first."""
        said = {f"{line.force.replace('_', ' ')} ({line.stage.name.lower()})" for line in self.lines
                if line.force != Release.NO}  # fmt: skip
        kept = any(line.force == Release.NO for line in self.lines)
        return "; ".join([*(["never"] if kept and not said else ["in part"] if kept else []), *sorted(said)])


# Waiting for the part of the portal that they belong to: the register of forces, the incidents.
NOT_YET = ("tasked_unit", "distance_km", "est_duration", "escort_actual_strength", "incident_link")

# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("3.1", "request_type", "Case.request_type", "start", "requester", "always", "Type of request",
          "Type de demande"),
    Field("3.1", "urgency", "Case.urgency", "ask", "requester", "always", "Urgency", "Urgence"),
    Field("3.1", "requesting_org", "Case.organisation", "start", "requester", "always", "Requesting organisation",
          "Organisation demandeuse"),
    Field("3.1", "other_orgs", "SheetStaff.organisation SheetVehicle.owner", "sheet", "requester", "no",
          "Other organisations covered", "Autres organisations concernées"),
    Field("3.1", "focal_point", "ExecutionSheet.focal_point ExecutionSheet.focal_telephone", "sheet", "requester",
          "always", "Focal point", "Point focal"),
    Field("3.1", "alt_focal_point", "ExecutionSheet.alternate ExecutionSheet.alternate_telephone", "sheet",
          "requester", "no", "Alternate focal point", "Point focal suppléant"),
    Field("3.1", "cluster", "Assessment.clusters", "review", "ocha", "always", "Cluster/sector", "Cluster/secteur"),
    Field("3.1", "need_statement", "Case.need", "ask", "requester", "always", "Humanitarian need",
          "Besoin humanitaire", "CAR-CMC §8.4"),
    Field("3.1", "people_targeted", "Case.people", "ask", "requester", "always", "People concerned",
          "Personnes concernées", "CAR-CMC §8.4"),
    Field("3.1", "critical_by", "Case.critical_by", "ask", "requester", "always", "Becomes critical on",
          "Critique à partir du", "CAR-CMC §8.4"),
    Field("3.1", "support_level", "Assessment.support_level Assessment.support_text", "review", "ocha", "always",
          "Level of support",
          "Niveau d’appui", "CAR-CMC §8.3"),
    Field("3.1", "asset_category", "Case.asset_category", "ask", "requester", "for an asset", "Asset requested",
          "Moyen demandé"),
    Field("3.1", "asset_quantity", "Case.asset_quantity", "ask", "requester", "for an asset", "Quantity", "Quantité"),
    Field("3.1", "capability_needed", "Case.capability_needed", "ask", "requester", "for an asset",
          "Task / effect needed", "Tâche, effet recherché", "CAR-CMC §8.1"),
    Field("3.1", "provider_force", "Case.force Decision.force", "ask", "requester", "if known", "Provider proposed",
          "Fournisseur proposé", "CAR-CMC §4"),
    Field("3.1", "origin_loc", "Case.origin", "ask", "requester", "for an escort or transport", "Pick-up point",
          "Point de chargement"),
    Field("3.1", "destination_loc", "Case.destination", "ask", "requester", "for an escort or transport",
          "Destination", "Destination"),
    Field("3.1", "area_of_operation", "Case.axis Case.area Decision.axis Decision.area", "ask", "requester", "always",
          "Area (limited)", "Zone (limitée)", "CAR-CMC §8.6"),
    Field("3.1", "earliest", "Case.departure_at", "ask", "requester", "always", "Window from", "Fenêtre du",
          "CAR-CMC §8.6"),
    Field("3.1", "latest", "Case.window_to", "ask", "requester", "always", "Window to", "Fenêtre au", "CAR-CMC §8.6"),
    Field("3.1", "rotations", "Case.rotations Decision.rotations", "ask", "requester", "always",
          "Number of rotations", "Nombre de rotations", "CAR-CMC §8.6"),
    Field("3.1", "cargo_lines",
          "Case.cargo CargoLine.description CargoLine.packaging CargoLine.weight_kg CargoLine.volume_m3 "
          "CargoLine.pieces CargoLine.un_number CargoLine.temperature CargoLine.value_usd", "sheet", "requester",
          "if goods are carried", "Cargo", "Cargaison", "CAR-CMC §8.2"),
    Field("3.1", "no_prohibited_goods", "Case.no_weapons", "ask", "requester", "always",
          "No weapon, military item or non-humanitarian cargo",
          "Aucune arme, aucun matériel militaire ni fret non humanitaire", "CAR-CMC §9.3"),
    Field("3.1", "pax_count", "Case.passenger_count", "ask", "requester", "if people travel", "Passengers (number)",
          "Passagers (nombre)"),
    Field("3.1", "pax_manifest", "SheetPerson.role SheetPerson.name SheetPerson.organisation SheetPerson.id_number",
          "sheet", "requester", "if names are asked for on the way", "Passenger manifest", "Manifeste passagers",
          "CAR-CMC §7"),
    Field("3.1", "handling_equipment", "ExecutionSheet.handling", "sheet", "requester", "no",
          "Handling means available", "Moyens de manutention"),
    Field("3.1", "consignee", "ExecutionSheet.consignee ExecutionSheet.consignee_telephone", "sheet", "requester",
          "always", "Consignee", "Destinataire"),
    Field("3.1", "alternatives",
          "Alternative.option Alternative.asked_to Alternative.tried_on Alternative.outcome Alternative.note", "ask",
          "requester", "two at least", "Civilian alternatives tried", "Alternatives civiles essayées",
          "CAR-CMC §8.1"),
    Field("3.1", "last_resort_answers",
          "Case.risks Case.risk_imposed Case.risk_harm Case.neutrality Case.risk_objection Case.risk_unasked "
          "Case.risk_comparable Case.risk_replacing Case.risk_joint", "ask", "requester",
          "words only to what is ticked", "Last-resort test", "Test du dernier recours", "CAR-CMC §8.1"),
    Field("3.1", "neutrality_risk", "Case.neutrality Case.risk_harm", "ask", "requester", "if it is ticked",
          "Perception and access risk", "Risque de perception et d’accès", "CAR-CMC §6"),
    Field("3.1", "mitigation", "Case.mitigation", "ask", "requester", "if harm or perception is ticked", "Mitigation",
          "Mesures d’atténuation", "CAR-CMC §6"),
    Field("3.1", "visibility_plan", "SheetVehicle.marking Case.risks", "sheet", "requester", "always",
          "Marking and visibility", "Marquage et visibilité", "CAR-CMC §8.3"),
    Field("3.1", "exit_plan", "Case.exit_plan", "ask", "requester", "always", "Exit plan", "Plan de sortie",
          "CAR-CMC §8.6"),
    Field("3.1", "orgs_consulted", "Case.risk_objection Case.risk_unasked", "ask", "requester",
          "if somebody objects or was not asked",
          "Organisations consulted", "Organisations consultées", "CAR-CMC §5"),
    Field("3.1", "authority_notified", "ExecutionSheet.authority_notified", "sheet", "requester", "no",
          "Authorities informed", "Autorités informées"),
    Field("3.1", "security_ref", "ExecutionSheet.security_ref Opinion.reference", "sheet", "requester",
          "if the UN is on board", "Security clearance reference", "Référence d’autorisation sécurité"),
    Field("3.1", "programme_criticality", "ExecutionSheet.programme_criticality", "sheet", "requester",
          "if the UN is on board", "Programme criticality", "Criticité du programme", "IASC-AE §V.1"),
    Field("3.1", "cost_arrangement", "ExecutionSheet.cost_arrangement", "sheet", "requester", "no",
          "Cost arrangement", "Modalité financière"),
    Field("3.1", "cluster_opinion", "Opinion.value Opinion.text", "review", "cluster", "if a cluster is asked",
          "Cluster opinion", "Avis du cluster"),
    Field("3.1", "ocha_opinion", "Move.code Move.reason", "review", "ocha", "always", "OCHA review", "Examen OCHA"),
    Field("3.1", "security_opinion", "Opinion.value Opinion.text", "review", "security",
          "UNDSS, or the organisation itself", "Security opinion", "Avis sécurité"),
    Field("3.1", "decision", "Decision.outcome", "review", "hc", "always", "Decision", "Décision", "CAR-CMC §8.7"),
    Field("3.1", "decision_capacity", "Decision.capacity", "review", "hc", "always", "Decided as",
          "Décidé en qualité de"),
    Field("3.1", "decision_reasons", "Decision.reason_code Decision.reason", "review", "hc", "for a denial",
          "Reasons", "Motifs"),
    Field("3.1", "conditions", "Decision.conditions Decision.condition_text", "review", "hc", "for an approval",
          "Conditions", "Conditions", "CAR-CMC §8.6"),
    Field("3.1", "valid_from", "Decision.valid_from", "review", "hc", "for an approval", "Valid from", "Valable du",
          "CAR-CMC §8.6"),
    Field("3.1", "valid_to", "Decision.valid_to", "review", "hc", "for an approval", "Valid to", "Valable au",
          "CAR-CMC §8.6"),
    Field("3.1", "force_reply", "ForceReply.reply ForceReply.text", "later", "force", "always", "Reply of the force",
          "Réponse de la Force"),
    Field("3.1", "force_decline_reason", "ForceReply.decline_reason", "later", "force", "if declined",
          "Reason of decline", "Motif du refus"),
    Field("3.1", "rendezvous", "Extract.content", "later", "ocha", "at the schedule", "Rendezvous",
          "Point de rendez-vous"),
    Field("3.1", "actual_start", "RotationLog.happened_at", "later", "both sides", "always", "Actual start",
          "Début réel"),
    Field("3.1", "actual_end", "RotationLog.happened_at", "later", "both sides", "always", "Actual end",
          "Fin réelle"),
    Field("3.1", "outcome", "RotationLog.what RotationLog.note", "later", "both sides", "always", "Outcome",
          "Résultat"),
    Field("3.1", "aar_*", "AfterAction.as_approved AfterAction.deviation AfterAction.incidents "
          "AfterAction.conditions_respected AfterAction.perception AfterAction.civilian_option_now "
          "AfterAction.lesson", "later", "requester", "to close", "After-action", "Retour d’expérience",
          "CAR-CMC §6"),
    Field("3.2", "convoy_name", "ExecutionSheet.convoy_name", "sheet", "requester", "always", "Convoy name",
          "Nom du convoi"),
    Field("3.2", "convoy_leader", "ExecutionSheet.convoy_leader ExecutionSheet.leader_telephone Case.leader", "sheet",
          "requester", "always", "Convoy leader", "Chef de convoi", "CAR-CMC §6"),
    Field("3.2", "axis", "Case.axis SheetStop.place SheetStop.arrives_at SheetStop.leaves_at", "ask", "requester",
          "always", "Route", "Itinéraire"),
    Field("3.2", "alternative_axis", "ExecutionSheet.alternative_axis", "sheet", "requester", "no",
          "Alternative route", "Itinéraire bis"),
    Field("3.2", "departure_at", "ExecutionSheet.leaves_at", "sheet", "requester", "always", "Departure", "Départ"),
    Field("3.2", "arrival_at", "ExecutionSheet.arrives_at", "sheet", "requester", "always", "Arrival", "Arrivée"),
    Field("3.2", "overnight_stops", "SheetStop.place SheetStop.overnight", "sheet", "requester",
          "if the convoy stays overnight", "Overnight stops", "Étapes de nuit"),
    Field("3.2", "return_leg", "ExecutionSheet.return_leg", "sheet", "requester", "always", "Return leg",
          "Trajet retour"),
    Field("3.2", "vehicles",
          "Case.vehicles SheetVehicle.kind SheetVehicle.owner SheetVehicle.plate SheetVehicle.marking "
          "SheetVehicle.moss SheetVehicle.radio SheetVehicle.tracker", "sheet", "requester", "always", "Vehicles",
          "Véhicules"),
    Field("3.2", "min_vehicle_rule", "SheetVehicle.moss", "sheet", "portal", "no", "Two-vehicle rule respected",
          "Règle des deux véhicules respectée"),
    Field("3.2", "staff_count", "SheetStaff.organisation SheetStaff.count", "sheet", "requester", "always",
          "Staff on board", "Personnel à bord"),
    Field("3.2", "drivers_list", "SheetPerson.role SheetPerson.name SheetPerson.organisation SheetPerson.id_number "
          "SheetPerson.telephone", "sheet", "requester", "if a checkpoint asks for names", "Drivers", "Chauffeurs",
          "CAR-CMC §7"),
    Field("3.2", "cargo_summary", "Case.cargo", "ask", "requester", "always", "Cargo", "Cargaison", "CAR-CMC §8.2"),
    Field("3.2", "escort_mode", "Assessment.escort_mode", "review", "ocha", "for an escort", "Mode of escort",
          "Mode d’escorte", "IASC-AE §VII"),
    Field("3.2", "escort_provider_kind", "Assessment.provider_kind", "review", "ocha", "for an escort",
          "Kind of provider", "Type d’escorteur", "IASC-AE §VII"),
    Field("3.2", "security_authority_responsible", "Case.risk_authorities", "ask", "requester",
          "if it was not asked or has not agreed", "Authority responsible for the area", "Autorité responsable",
          "IASC-AE §V.2"),
    Field("3.2", "threat_summary", "Case.why_safer", "ask", "requester", "always", "Threat", "Menace",
          "IASC-AE §V.3"),
    Field("3.2", "risk_without", "Assessment.risk_without", "review", "ocha", "for an escort with the UN on board",
          "Residual risk without escort", "Risque résiduel sans escorte", "IASC-AE §V.3"),
    Field("3.2", "risk_with", "Assessment.risk_with", "review", "ocha", "for an escort with the UN on board",
          "Residual risk with escort", "Risque résiduel avec escorte", "IASC-AE §V.3"),
    Field("3.2", "criteria_met",
          "Assessment.need_met Assessment.authorities_met Assessment.safety_met Assessment.sustainability_met "
          "Assessment.criteria_text", "review", "ocha", "for an escort", "Four criteria", "Quatre critères",
          "IASC-AE §V"),
    Field("3.2", "imposed", "Case.risks Case.risk_imposed", "ask", "requester", "always", "Was the escort imposed?",
          "Escorte imposée ?", "CAR-CMC §8.5"),
    Field("3.2", "ae_answers", "Case.risks Case.risk_imposed Case.risk_harm Case.neutrality "
          "Case.risk_objection Case.risk_unasked Case.risk_authorities Case.risk_boarding Case.risk_dependency",
          "ask", "requester",
          "words only to what is ticked", "Armed-escort test", "Test escorte armée", "IASC-AE §V"),
    Field("3.2", "hct_positions", "Position.value Position.condition Position.words", "review", "hct",
          "where the country team decides or is consulted", "HCT positions", "Positions EHP", "ML-POS ¶6"),
    Field("3.2", "comms_plan", "ExecutionSheet.comms_plan", "sheet", "requester", "always", "Communication plan",
          "Plan de communication", "CAR-CMC §7"),
    Field("3.2", "casevac_plan", "ExecutionSheet.casevac_plan", "sheet", "requester", "always", "Casualty plan",
          "Plan d’évacuation", "IASC-AE §VII"),
    Field("3.2", "rules_for_escort", "ExecutionSheet.escort_rules ExecutionSheet.escort_distance", "sheet",
          "requester", "always", "Rules agreed with the escort", "Règles convenues", "IASC-AE §VII"),
    Field("3.2", "community_message", "ExecutionSheet.community_message", "sheet", "requester", "no",
          "Message to communities", "Message aux communautés", "CAR-CMC §7"),
    Field("3.2", "discontinuation_plan", "Case.exit_plan ExecutionSheet.exit_review_on", "ask", "requester", "always",
          "Plan to stop using escorts", "Plan d’arrêt", "IASC-AE §VIII"),
    Field("3.2", "join_allowed", "ExecutionSheet.join_allowed", "sheet", "requester", "no",
          "Open to other organisations", "Ouvert à d’autres organisations"),
    Field("3.6", "axis_segment", "Case.axis Case.origin Case.destination", "ask", "requester", "always", "Axis", "Axe"),
    Field("3.6", "period", "Case.departure_at Case.window_to", "ask", "requester", "always", "Period", "Période"),
    Field("3.6", "reason", "Case.patrol_reason Case.need", "ask", "requester", "always", "Why a patrol",
          "Motif de la patrouille"),
    Field("3.6", "movements_count", "Case.movements_count", "ask", "requester", "always", "Movements planned",
          "Mouvements prévus"),
    Field("3.6", "mixed_patrol_accepted", "Case.mixed_patrol", "ask", "requester", "always",
          "Host-state forces may take part", "Patrouille mixte acceptée"),
    Field("3.6", "force_plan", "ForceReply.reply ForceReply.text", "later", "force", "always", "Plan of the force",
          "Plan de la Force"),
    Field("3.6", "patrol_dates", "ForceReply.days", "later", "force", "if planned", "Days of the patrols",
          "Jours des patrouilles"),
    Field("3.6", "patrol_done", "PatrolLog.day PatrolLog.km PatrolLog.direction", "later", "force", "for each patrol",
          "Patrols done", "Patrouilles effectuées"),
    Field("3.6", "feedback_humanitarians", "PatrolFeedback.helped PatrolFeedback.text", "later", "requester",
          "to close", "Feedback", "Retour des humanitaires"),
    Field("3.6", "incidents_during", "PatrolFeedback.incidents", "later", "requester", "if any",
          "Incidents during the patrols", "Incidents pendant les patrouilles"),
)
# fmt: on
