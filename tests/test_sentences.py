# ruff: noqa: E501  a table: one line an entry
"""The register of sentences: each text with a figure or a counter in it, where it is shown, and what makes it true.

A new one does not pass until it is entered. Read it aloud with the least it can be given: a sentence that counts
nobody ("còn 0 người") needs a condition that keeps it away, or another sentence for nobody.
"""

import fnmatch
import functools
import json
import re
from typing import NamedTuple

import pytest

from hall.why import why
from queueing.catalogue import LANGUAGES
from queueing.sentences import PLURAL, fill
from tests.centre import ROOT
from tests.hall.centre import TestCentre

COUNTS = {
    "n", "count", "people", "visits", "waiting", "open", "earlier", "others", "ahead", "issued", "found", "users",
    "sessions", "devices", "days", "tickets", "seconds", "minutes", "met", "of", "away", "all", "most", "cap", "then",
    "shown", "seq", "s", "h", "booked", "here", "missed", "served", "priority", "no_shows", "cancelled", "expired",
    "paused", "done", "range", "wait", "from", "to", "low", "high", "age", "now",
}  # fmt: skip
PLACES = {"counter", "counters"}
NOBODY = re.compile(
    r"(?:\b(?:có|còn|chờ|vượt|sau|trước|gọi|khoảng|hơn)|^)\*? \*?0 ?\w|\b0 (?:people|persons|minutes|min|times)\b"
)


class Shown(NamedTuple):
    """The file that shows a text, the test that holds it true, and the piece of that file which keeps zero away.

    `figure`: it stands in a table, a card or beside its label, where nothing is written as 0.
    """

    where: str
    test: str
    when: str = ""
    figure: bool = False


PHONE, ROAD = "tests/browser/test_citizen.py::", "tests/browser/test_kiosk.py::"
SUPERVISOR, CONSOLE = "tests/browser/test_supervisor.py::", "tests/browser/test_counter.py::"
WALL, PAPER = "tests/browser/test_display.py::", "tests/paper/test_drawing.py::"
STEPS = f"{PHONE}test_given_a_ticket_when_it_is_called_served_and_finished_then_the_phone_tells_each_step"
FACTS = f"{WALL}test_given_time_then_the_foot_tells_every_fact_in_turn"
RANGES = "tests/browser/test_modules.py::test_given_a_forecast_then_it_is_shown_as_a_range"
RULE = "tests/hall/test_rule.py::test_given_a_policy_then_one_sentence_states_it"
NUMBER = "tests/access/test_numbers.py::test_given_a_number_however_it_is_typed_when_anybody_asks_then_it_says_where_it_stands_and_not_whose_it_is"
LIVE = f"{SUPERVISOR}test_given_people_wait_then_the_figures_say_how_many_and_who_waits_longest"
LOG = f"{SUPERVISOR}test_given_a_visit_then_the_log_tells_it_in_words_newest_first"
CHARTS = (
    "tests/browser/test_statistics.py::test_given_any_chart_then_its_table_has_the_figures_of_the_api_to_the_last_digit"
)
REPORT = "tests/browser/test_statistics.py::test_given_one_day_then_its_report_is_one_page_with_the_figures_of_the_api"
FINISHED = f"{SUPERVISOR}test_given_a_finished_ticket_then_the_statistics_contain_it_and_equal_the_api"
SPACE = f"{CONSOLE}test_given_three_citizens_when_only_the_space_bar_is_pressed_then_all_are_served_in_order"
WHY_NOT = f"{CONSOLE}test_given_a_row_is_picked_then_its_holder_can_be_told_why_not_yet"
LONGER = "tests/hall/test_newest_forecasts.py::test_given_a_wait_that_grew_then_the_reason_stands_beside_it"
WATCH = "tests/hall/test_watch.py::"
BOARD = "tests/browser/test_wall_layout.py::test_given_any_hall_then_nothing_on_its_wall_is_cut_off_or_lies_on_another"
SENTENCES = "tests/access/test_routes.py::test_given_a_refusal_with_parameters_then_the_sentence_is_filled"
POSTERS = (
    "tests/browser/test_posters.py::"
    "test_given_a_supervisor_then_files_are_sent_put_up_ordered_and_shown_by_the_wall_and_one_can_be_removed"
)
STUDIO = (
    "tests/browser/test_studio.py::test_given_a_speaker_then_a_pack_is_recorded_called_with_and_taken_to_another_centre"
)
DRILL = "tests/browser/test_drill.py::test_given_a_supervisor_when_checking_everything_then_each_thing_is_told_in_words_and_the_log_has_it"
WHAT_IF = "tests/browser/test_rehearsal.py::test_given_some_days_when_another_plan_is_played_then_the_page_has_the_figures_of_the_api"
SETTINGS = (
    "tests/browser/test_settings.py::test_given_a_wrong_field_then_its_reason_stands_beside_it_and_nothing_is_saved"
)

PROCEDURES = (
    "tests/browser/test_procedures.py::test_given_a_table_then_bad_rows_are_named_and_it_is_applied_only_after_a_look"
)

EAR = "tests/browser/test_speech.py::test_given_the_picture_covered_when_going_by_keypad_alone_then_there_is_a_ticket_within_a_minute_of_speech"

# By the name of the text; a star stands for a family of one place and one meaning.
REGISTER = {
    "counter.people": Shown("static/counter/person.js", "tests/browser/test_greeter.py::test_given_a_number_typed_when_put_right_then_it_keeps_its_place_and_the_old_paper_leads_to_it", "ticket.people > 1"),
    "greeter.amend_later_cost": Shown("static/greeter/amend.js", "tests/browser/test_greeter.py::test_given_a_number_typed_when_put_right_then_it_keeps_its_place_and_the_old_paper_leads_to_it", "ticket.defer ?"),
    "greeter.amend_deferred": Shown("static/greeter/amend.js", "tests/browser/test_greeter.py::test_given_a_number_typed_when_put_right_then_it_keeps_its_place_and_the_old_paper_leads_to_it", "Math.max(1, "),
    "kiosk.scanned_waiting": Shown("static/kiosk/scanned.js", "tests/browser/test_kiosk.py::test_given_ones_own_ticket_when_it_is_scanned_then_the_kiosk_says_where_it_stands", 'n === 0 ? "next"'),
    "paper.called_to": Shown("paper/ticket.py", "tests/paper/test_drawing.py::test_given_a_ticket_that_is_not_called_then_its_counters_stand_in_a_frame_and_not_on_black"),
    "supervisor.notice_*": Shown("static/supervisor/notice/notice-page.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for", figure=True),
    "supervisor.wish_*": Shown("static/supervisor/live/advice.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for"),
    "supervisor.entrance_now": Shown("static/supervisor/live/figures-now.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for", "entrance &&", figure=True),
    "supervisor.event_entrance_counted": Shown("static/supervisor/log/log-row.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for", figure=True),
    "supervisor.event_counter_*": Shown("static/supervisor/log/log-row.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for"),
    "charts.entrance": Shown("static/supervisor/statistics/entrance-counts.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for", "rows.length > 0", figure=True),
    "greeter.entrance_last": Shown("static/greeter/entrance.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for", figure=True),
    "counter.wish_*": Shown("static/counter/wish.js", "tests/browser/test_notices.py::test_given_a_message_to_all_then_every_screen_has_it_and_a_count_and_a_wish_reach_who_they_are_for"),
    "error.wish_done": Shown("hall/counters.py", "tests/hall/test_counter_wishes.py::test_given_a_pause_when_it_ends_then_the_wish_to_go_on_is_done"),
    "supervisor.ghosts_people": Shown("static/supervisor/ghosts/issuer.js", "tests/browser/test_supervisor.py::test_given_numbers_taken_like_clockwork_then_the_alarm_leads_to_them_and_they_are_ended_after_one_question", "ticket.people > 1"),
    "supervisor.ghosts_*": Shown("static/supervisor/ghosts/ghosts.js", "tests/browser/test_supervisor.py::test_given_numbers_taken_like_clockwork_then_the_alarm_leads_to_them_and_they_are_ended_after_one_question", figure=True),
    "citizen.people": Shown("static/citizen/ticket-view.js", STEPS, figure=True),
    "citizen.counter": Shown("static/citizen/ticket-view.js", STEPS),
    "citizen.called_times": Shown("static/citizen/ticket-view.js", STEPS, "ticket.calls > 1"),
    "citizen.missed": Shown("static/citizen/ticket-view.js", STEPS),
    "citizen.say_call": Shown("static/citizen/ticket.js", STEPS),
    "citizen.say_ahead": Shown(
        "static/citizen/ticket.js",
        f"{PHONE}test_given_four_ahead_when_nothing_changes_then_it_asks_slowly_and_unchanged_costs_a_304",
        'near ? "citizen.say_near" : "citizen.say_ahead"',
    ),
    "citizen.title_waiting": Shown("static/citizen/ticket.js", STEPS, figure=True),
    "citizen.title_call": Shown("static/citizen/ticket.js", STEPS),
    "citizen.no_show_what": Shown(
        "static/citizen/ticket-view.js",
        f"{PHONE}test_given_the_citizen_did_not_come_then_the_page_says_what_to_do_without_blame",
    ),
    "citizen.later_cost": Shown("hall/views/tickets.py", f"{PHONE}test_given_no_time_yet_then_the_page_asks_how_much_later_says_what_it_costs_and_does_so", "if not left or place is None"),
    "citizen.later_*": Shown("static/citizen/later.js", f"{PHONE}test_given_no_time_yet_then_the_page_asks_how_much_later_says_what_it_costs_and_does_so", "n <= behind"),
    "citizen.delayed": Shown("static/citizen/ticket-view.js", f"{PHONE}test_given_no_time_yet_then_the_page_asks_how_much_later_says_what_it_costs_and_does_so", "Math.max(1, "),
    "citizen.cancelled_what": Shown("static/citizen/ticket-view.js", f"{PHONE}test_given_second_thoughts_then_giving_up_asks_first_and_says_what_is_lost"),
    "citizen.unknown_what": Shown(
        "static/citizen/ticket-view.js", f"{PHONE}test_given_an_unknown_link_then_the_page_says_so_in_plain_words"
    ),
    "kiosk.people": Shown("static/kiosk/service.js", f"{ROAD}test_given_a_ticket_elsewhere_then_the_tile_follows_untouched", figure=True),
    "kiosk.people_range": Shown("static/kiosk/service.js", f"{ROAD}test_given_a_ticket_elsewhere_then_the_tile_follows_untouched"),
    "kiosk.others_hint": Shown("static/kiosk/choice.js", f"{ROAD}test_given_a_further_service_when_looking_behind_other_then_it_is_there", "more ?"),
    "kiosk.elder": Shown("static/kiosk/priority.js", RULE),
    "kiosk.cap": Shown("hall/settings/check.py", RULE, "policy.cap"),
    "kiosk.desk_number": Shown("static/kiosk/paper-ticket.js", f"{ROAD}test_given_a_citizen_when_touching_twice_then_there_is_a_ticket"),
    "kiosk.back_in": Shown("static/kiosk/time-left.js", f"{ROAD}test_given_a_ticket_when_a_minute_passes_then_the_start_is_as_it_was", figure=True),
    "kiosk.speech_ahead": Shown("static/kiosk/service.js", EAR, "!ahead"),
    "kiosk.speech_wait": Shown("static/kiosk/service.js", EAR, "if (forecast)"),
    "kiosk.speech_key": Shown("static/kiosk/reader.js", "tests/browser/test_speech.py::test_given_any_page_then_each_of_its_elements_is_said_in_order_framed_and_written", figure=True),
    "kiosk.people_ahead": Shown("static/kiosk/paper-ticket.js", f"{ROAD}test_given_a_citizen_when_touching_twice_then_there_is_a_ticket", "people_ahead ?"),
    "paper.accessible": Shown("paper/ticket.py", f"{PAPER}test_given_a_counter_for_people_with_disabilities_then_the_paper_names_it"),
    "paper.go_to": Shown("paper/ticket.py", f"{PAPER}test_given_a_ticket_when_it_is_read_by_machine_then_its_words_are_there"),
    "paper.people": Shown("paper/ticket.py", f"{PAPER}test_given_a_ticket_when_it_is_read_by_machine_then_its_words_are_there", "people_ahead"),
    "paper.minutes*": Shown("paper/ticket.py", f"{PAPER}test_given_a_ticket_when_it_is_read_by_machine_then_its_words_are_there", "no_wait"),
    "paper.desk_number": Shown("paper/ticket.py", f"{PAPER}test_given_a_ticket_when_it_is_read_by_machine_then_its_words_are_there"),
    "paper.test_dots": Shown("paper/ticket.py", f"{PAPER}test_given_a_test_page_then_its_frame_touches_both_edges", figure=True),
    "paper.doctor_*": Shown("paper/doctor.py", "tests/paper/test_wire.py::test_given_a_wrong_address_then_the_start_stops_and_says_why", "took:.1f"),
    "display.people": Shown("static/display/waiting-board.js", BOARD, figure=True),
    "display.fact_waiting*": Shown("static/display/facts.js", FACTS, "if (n === 0)"),
    "display.fact_served": Shown("static/display/facts.js", FACTS, "today.served > 0"),
    "display.fact_mean": Shown("static/display/facts.js", FACTS, "wait !== null"),
    "display.fact_service": Shown("static/display/facts.js", FACTS, "waiting > 0"),
    "display.absent": Shown("static/display/facts.js", f"{WALL}test_given_a_no_show_then_the_number_leaves_the_panel_and_stands_in_the_foot"),
    "display.counters_n": Shown("static/display/counter-strip.js", "tests/browser/test_wall_rules.py::test_given_closed_counters_then_the_foot_names_them_or_says_how_many", "filter(({ n }) => n)"),
    "display.room_foot": Shown("static/display/display.js", "tests/browser/test_wall_layout.py::test_given_rooms_then_a_wall_that_shows_every_room_names_that_of_the_call_in_any_layout"),
    "display.sign_title": Shown("static/display/counter-sign.js", "tests/browser/test_counter_sign.py::test_given_two_signs_when_one_counter_calls_then_that_sign_alone_lights_up_and_chimes"),
    "rating.*": Shown("static/display/rating.js", "tests/browser/test_ratings.py::test_given_a_screen_at_the_counter_then_it_wakes_for_the_number_that_finished_asks_thanks_and_sleeps"),
    "home.now_counters": Shown("static/citizen/home.js", f"{PHONE}test_given_a_fresh_centre_then_the_first_page_says_the_waits_the_rule_and_where_each_screen_is", "open ?"),
    "home.now_visits": Shown("static/citizen/home.js", f"{PHONE}test_given_a_fresh_centre_then_the_first_page_says_the_waits_the_rule_and_where_each_screen_is", figure=True),
    "home.now_target": Shown("static/citizen/home.js", f"{PHONE}test_given_a_fresh_centre_then_the_first_page_says_the_waits_the_rule_and_where_each_screen_is"),
    "home.today*": Shown("static/citizen/home.js", "tests/hall/test_public_today.py::test_given_visits_one_by_one_then_nothing_is_said_before_the_tenth_and_then_what_the_stranger_says", "minutes === null"),
    "public.*": Shown("open_data/page.py", "tests/hall/test_public_months.py::test_given_published_months_then_every_figure_of_the_page_is_the_strangers", figure=True),
    "home.mine_*": Shown("static/citizen/mine.js", NUMBER, "n === 0"),
    "common.minutes": Shown("static/lib/text.js", RANGES, "if (s < 60)"),
    "common.seconds": Shown("static/lib/text.js", RANGES, figure=True),
    "common.hours_minutes": Shown("static/lib/text.js", RANGES, figure=True),
    "common.minutes_*": Shown("static/lib/text.js", RANGES, "p80_s < 60"),
    "rule.*": Shown("hall/rule.py", RULE, "if not start:"),
    "why.called_headstart": Shown("hall/why.py", "tests/hall/test_calls.py::test_given_an_elder_came_later_when_calling_then_the_elder_goes_first_and_the_log_says_why", "head_start"),
    "why.ahead": Shown("hall/why.py", WHY_NOT, "if not earlier:"),
    "why.ahead_both": Shown("hall/why.py", WHY_NOT, "if not earlier:"),
    "why.ahead_others": Shown("hall/why.py", "tests/test_sentences.py::test_given_nobody_came_earlier_then_the_reason_counts_only_those_called_first", "if not earlier + others:"),
    "why.worn": Shown("hall/why.py", WHY_NOT, "if not earlier:"),
    "why.deferred": Shown("hall/why.py", "tests/hall/test_wishes.py::test_given_a_wish_for_fifteen_minutes_then_those_who_came_within_them_go_first", "if not earlier + others:"),
    "why.longer_closed": Shown("hall/why.py", LONGER, "state.staffing is Staffing.OPEN"),
    "why.longer_paused": Shown("hall/why.py", LONGER, "state.staffing is Staffing.OPEN"),
    "why.longer_fault": Shown("hall/why.py", LONGER, "state.staffing is Staffing.OPEN"),
    "why.kept": Shown("hall/why.py", "tests/hall/test_visits.py::test_given_one_sent_for_a_copy_when_back_then_the_same_counter_calls_them_next"),
    "why.held*": Shown("hall/why.py", "tests/hall/test_visits.py::test_given_one_sent_for_a_copy_when_back_then_the_same_counter_calls_them_next"),
    "counter.title*": Shown("static/counter/console.js", SPACE, figure=True),
    "counter.calls": Shown("static/counter/person.js", SPACE, "ticket.calls > 1"),
    "counter.reason.HEADSTART": Shown("static/counter/words.js", f"{CONSOLE}test_given_a_priority_ticket_then_the_reason_is_told_and_those_passed_are_marked", "head_start_s"),
    "counter.passes": Shown("static/counter/words.js", f"{CONSOLE}test_given_a_priority_ticket_then_the_reason_is_told_and_those_passed_are_marked", "count > 0"),
    "counter.passed": Shown("static/counter/waiting.js", f"{CONSOLE}test_given_a_priority_ticket_then_the_reason_is_told_and_those_passed_are_marked", "passed > 0"),
    "counter.elsewhere": Shown("static/counter/person.js", SPACE, "waiting > 0"),
    "counter.elsewhere_*": Shown("static/counter/notice.js", f"{CONSOLE}test_given_the_letters_then_each_does_its_act"),
    "counter.people_wait": Shown("static/counter/person.js", SPACE, "view.waiting ?"),
    "counter.kept_count": Shown("static/counter/foot.js", f"{CONSOLE}test_given_the_server_is_lost_when_finishing_then_it_is_kept_and_sent_on_return", "count: 1"),
    "counter.queue_*": Shown("static/counter/waiting.js", SPACE, "rest > 0"),
    "counter.served": Shown("static/counter/foot.js", SPACE, figure=True),
    "counter.stop.*": Shown("static/counter/message.js", f"{CONSOLE}test_given_a_second_window_then_the_first_is_shown_why_and_may_take_back"),
    "counter.taken_title": Shown("static/counter/chooser.js", f"{CONSOLE}test_given_a_colleague_when_taking_over_an_idle_counter_then_the_first_is_shown_why"),
    "counter.hand*": Shown("static/counter/console.js", f"{CONSOLE}test_given_the_letters_then_each_does_its_act"),
    "counter.hold_minutes": Shown("static/counter/questions.js", f"{CONSOLE}test_given_the_letters_then_each_does_its_act", "minutes"),
    "counter.transfer_counter": Shown("static/counter/questions.js", f"{CONSOLE}test_given_a_counter_that_opened_meanwhile_then_people_can_be_sent_there"),
    "counter.close_*": Shown("static/counter/questions.js", f"{CONSOLE}test_given_the_letters_then_each_does_its_act", "count"),
    "counter.dossiers": Shown("static/counter/questions.js", f"{CONSOLE}test_given_the_letters_then_each_does_its_act", "dossiers"),
    "counter.priority_grant": Shown("static/counter/questions.js", f"{CONSOLE}test_given_first_come_first_served_then_the_question_says_that_a_class_moves_nobody", "head_start_s[code] > 0"),
    "counter.prefer": Shown("static/counter/person.js", "tests/hall/test_visits.py::test_given_the_counter_with_fewer_services_is_idle_too_then_the_console_says_so", "prefer"),
    "appointments.*": Shown("static/appointments/appointments.js", "tests/browser/test_appointments.py::test_given_a_free_slot_when_it_is_given_away_then_its_code_is_in_the_list_and_on_paper", figure=True),
    "charts.left_open": Shown("static/supervisor/statistics/counter-time.js", CHARTS, "time.left_open > 0"),
    "charts.queue_about": Shown("static/supervisor/charts/queue-chart.js", CHARTS, "queue_nobody"),
    "charts.*": Shown("static/supervisor/charts/hour-charts.js", CHARTS, figure=True),
    "greeter.helped_today": Shown("static/greeter/help.js", "tests/browser/test_greeter.py::test_given_the_kiosks_help_key_then_greeter_and_supervisor_see_it_until_somebody_came", figure=True),
    "greeter.help_more": Shown("static/greeter/help.js", "tests/browser/test_greeter_layout.py::test_given_a_number_a_refusal_a_call_for_help_or_a_lost_line_then_no_key_moves", "calls.length > 1"),
    "report.*": Shown("supervisor/export.py", REPORT, figure=True),
    "posters.several": Shown("static/supervisor/posters/posters.js", POSTERS, when="named.length > 1"),
    "posters.take_out": Shown("static/supervisor/posters/poster-form.js", POSTERS, figure=True),
    "posters.room": Shown("static/supervisor/posters/files-card.js", POSTERS, figure=True),
    "sheet.*": Shown("static/supervisor/report/sheet-texts.js", REPORT, figure=True),
    "plan.headline*": Shown("static/supervisor/plan/plan-result.js", WHAT_IF, "minutesAtMost("),
    "plan.change_fewer": Shown("static/supervisor/plan/plan-result.js", WHAT_IF, "made.plan.arrivals)"),
    "plan.change_more": Shown("static/supervisor/plan/plan-result.js", WHAT_IF, "made.plan.arrivals)"),
    "plan.running": Shown("static/supervisor/plan/plan.js", WHAT_IF, "view?.of ?"),
    "plan.*": Shown("static/supervisor/plan/plan-result.js", WHAT_IF, figure=True),
    "studio.progress": Shown("static/supervisor/studio/studio.js", STUDIO, figure=True),
    "studio.nth": Shown("static/supervisor/studio/take-card.js", STUDIO, figure=True),
    "studio.sample": Shown("static/supervisor/studio/sentences.js", STUDIO, figure=True),
    "studio.import*": Shown("static/supervisor/studio/file-card.js", STUDIO, figure=True),
    "studio.*": Shown("static/supervisor/studio/upload-card.js", STUDIO, figure=True),
    "drill.*": Shown("static/supervisor/drill/drill.js", DRILL, figure=True),
    "week.short": Shown("static/supervisor/week/week.js", WHAT_IF, "need.extra.length > 0"),
    "week.*": Shown("static/supervisor/week/week.js", WHAT_IF, figure=True),
    "procedures.*": Shown("static/supervisor/settings/procedures.js", PROCEDURES, figure=True),
    "settings.*": Shown("static/supervisor/settings/settings.js", SETTINGS, figure=True),
    "error.*": Shown("access/errors.py", SENTENCES, figure=True),  # limits, and what the refused command named
    "supervisor.devices_away": Shown("static/supervisor/devices/devices-tag.js", f"{WATCH}test_given_a_device_that_is_away_then_it_is_an_alarm_while_a_counter_is_open", "away"),
    "supervisor.counters_open*": Shown("static/supervisor/live/figures-now.js", LIVE, figure=True),
    "supervisor.within": Shown("static/supervisor/live/figures-now.js", LIVE, figure=True),
    "supervisor.of_visits*": Shown("static/supervisor/live/figures-now.js", f"{WATCH}test_given_people_who_wait_too_long_already_then_the_share_in_time_counts_them", "of ? t("),
    "supervisor.issued": Shown("static/supervisor/live/figures-now.js", LIVE, figure=True),
    "supervisor.today_counts": Shown("static/supervisor/live/counters-now.js", LIVE, figure=True),
    "supervisor.over_target": Shown("static/supervisor/live/services-now.js", LIVE, "over &&"),
    "supervisor.bar_legend": Shown("static/supervisor/live/services-now.js", LIVE, figure=True),
    "supervisor.mean_of": Shown("static/supervisor/statistics/figures-of-range.js", FINISHED, "wait.n ?", figure=True),
    "supervisor.longest": Shown("static/supervisor/statistics/figures-of-range.js", FINISHED, "wait.n ?", figure=True),
    "supervisor.nine_of_ten_visits": Shown("static/supervisor/statistics/figures-of-range.js", FINISHED, figure=True),
    "supervisor.stats_of": Shown("static/supervisor/statistics/statistics.js", FINISHED),
    "supervisor.col_within": Shown("static/supervisor/statistics/statistics-table.js", FINISHED, figure=True),
    "supervisor.log_*": Shown("static/supervisor/log/log.js", LOG, figure=True),
    "supervisor.event_*": Shown("static/supervisor/log/log-row.js", LOG, figure=True),
    "supervisor.users_count": Shown("static/supervisor/people/users.js", f"{SUPERVISOR}test_given_a_clerk_who_is_signed_in_when_disabled_then_they_are_out_until_enabled", figure=True),
    "supervisor.sessions": Shown("static/supervisor/people/user-row.js", f"{SUPERVISOR}test_given_a_clerk_who_is_signed_in_when_disabled_then_they_are_out_until_enabled", "sessions_none"),
    "supervisor.devices_count": Shown("static/supervisor/devices/devices.js", f"{SUPERVISOR}test_given_a_code_when_confirmed_and_later_revoked_then_the_machine_is_in_and_out", figure=True),
    "supervisor.program*": Shown("static/supervisor/devices/devices.js", f"{SUPERVISOR}test_given_a_program_when_its_token_is_revoked_then_it_is_out_and_leaves_the_list", figure=True),
    "supervisor.alarm_wait_*": Shown("queueing/advice.py", f"{WATCH}test_given_somebody_waits_long_then_the_board_says_so_at_15_20_and_30_minutes", "LEVELS_S"),
    "supervisor.alarm_*": Shown("hall/views/alarms.py", f"{WATCH}test_given_numbers_taken_like_clockwork_then_the_board_says_where_until_they_are_ended_or_it_is_long_ago", figure=True),
    "supervisor.advice_*": Shown("static/supervisor/live/advice.js", f"{WATCH}test_given_nobody_waits_or_every_counter_is_open_then_nothing_is_proposed", "now_p90_s === null"),
    "supervisor.by_hand": Shown("static/supervisor/live/counters-now.js", "tests/hall/test_visits.py::test_given_a_number_called_by_hand_then_it_is_listed_and_counted_but_counts_as_passing_nobody", figure=True),
    "supervisor.other_notices": Shown("static/supervisor/live/notices.js", f"{SUPERVISOR}test_given_four_notices_then_the_figures_stand_below_the_first_and_a_phone_folds_the_others", "others.length > 0"),
}  # fmt: skip


def texts(language):
    sections = json.loads((ROOT / "static" / "text" / f"{language}.json").read_text("utf-8"))
    return {f"{section}.{key}": text for section, keys in sections.items() for key, text in keys.items()}


def placeholders(text):
    plurals = {match[1] for match in PLURAL.finditer(text)}
    return plurals | set(re.findall(r"\{(\w+)\}", PLURAL.sub("", text)))


def entry(key):
    """The entry of a text: its own, else that of its longest family; None if there is none."""
    families = [pattern for pattern in REGISTER if fnmatch.fnmatchcase(key, pattern)]
    return REGISTER[max(families, key=len)] if families else None


@functools.cache
def measured():
    """Every text that carries a figure or names a counter."""
    return {key: text for key, text in texts("vi").items() if placeholders(text) & (COUNTS | PLACES)}


def test_given_a_text_with_a_figure_or_a_counter_then_it_is_registered():
    assert [key for key in measured() if entry(key) is None] == []


def test_given_the_register_then_no_entry_is_of_a_text_that_is_gone():
    assert [pattern for pattern in REGISTER if not fnmatch.filter(measured(), pattern)] == []


def test_given_the_register_then_its_files_conditions_and_tests_are_there():
    wrong = []
    for pattern, shown in REGISTER.items():
        path, _, name = shown.test.partition("::")
        if not (ROOT / shown.where).is_file() or shown.when not in (ROOT / shown.where).read_text("utf-8"):
            wrong.append((pattern, shown.where, shown.when))
        if not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text("utf-8"):
            wrong.append((pattern, shown.test))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_nothing_to_count_then_no_sentence_counts_it(language):
    said = {}
    for key, text in texts(language).items():
        shown = entry(key)
        if key not in measured() or shown is None or shown.figure or shown.when:
            continue
        filled = fill(text, {name: 0 if name in COUNTS else "1" for name in placeholders(text)})
        if NOBODY.search(filled):
            said[key] = filled
    assert said == {}


def test_given_nobody_came_earlier_then_the_reason_counts_only_those_called_first():
    centre = TestCentre()
    centre.press("open", 2)
    first = centre.take()["ref"]
    centre.take(priority_class="priority")
    stated = why(centre.hall, centre.hall.floor.tickets[first])
    assert (stated.code, stated.params["others"]) == ("ahead_others", 1)
    assert fill(texts("vi")["why.ahead_others"], stated.params) == (
        "Trước ông/bà có 1 người được gọi trước theo quy định."
    )
