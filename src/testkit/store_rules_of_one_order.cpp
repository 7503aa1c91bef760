#include "testkit/store_rules.hpp"

#include <limits>
#include <stdexcept>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

// What text can hold that a database may take for something else.
constexpr std::string_view awkward =
    "100% 'quoted' \"twice\" \\ ; -- _ \n\t \xe8\xae\xa2\xe5\x8d\x95 ";

std::string awkward_text(const char* end) {
  return std::string(awkward).append(end);
}

order_record order_with_every_field() {
  order_record order = order_of_number("A1");
  expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}, {std::numeric_limits<std::int64_t>::max(), "usd"}};
  expected.amount_rule = amount_rule::total_at_least;
  expected.mode = session_mode::subscription;
  expected.livemode = livemode::live;
  expected.account = "acct_1";
  expected.session_ids = {"cs_live_1", "cs_live_2"};
  order.expected = expected;
  order.stage = order_stage::due;
  order.attempts = 3;
  order.attempt_at = trial_noon;
  order.sessions = {{"cs_live_1", 1, order_state::expired, true, trial_noon, false},
                    {"cs_live_2", 2, order_state::paid, true, trial_noon + 1, true}};
  order.paid_session = "cs_live_2";
  order.review = {reason::duplicate_payment, reason::amount_mismatch};
  order.held = true;
  order.token = std::numeric_limits<std::uint64_t>::max();
  order.lease = trial_noon + 2;
  order.tries = 4;
  order.due_at = trial_noon + 3;
  order.due_since = trial_noon + 4;
  order.asks = 5;
  order.ask_at = trial_noon + 6;
  order.version = 7;
  return order;
}

std::string repeated(int times, const std::string& word) {
  std::string text;
  while (times-- > 0)
    text += word;
  return text;
}

// Each is another order, to a collation, a number's affinity or a pattern as well.
std::vector<std::string> order_numbers() {
  return {"1774256382025448500",
          "",
          " ",
          "A1",
          "a1",
          "A1 ",
          " A1",
          "A",
          "A_",
          "A%",
          "%",
          "7",
          "07",
          "7.0",
          "7e0",
          "x'37'",
          "null",
          "O'Brien; DROP TABLE orders; --",
          "\"quoted\"",
          "back\\slash",
          "two\nlines",
          "{1,2}",
          "$1",
          "?1",
          "\xe8\xae\xa2\xe5\x8d\x95-1",      // an order, in Chinese
          "\xef\xbc\xa1\x31",                // A1 with a wide A
          "\xc3\xa9",                        // e with an accent
          "e\xcc\x81",                       // the same of two characters
          "e",                               //
          std::string("stra\xc3\x9f") + "e", // and with ss
          "strasse",                         //
          "\xf0\x9f\x8d\x9c",                // outside the basic plane
          std::string(500, 'x'),             // all that Stripe's metadata hold
          std::string(499, 'x') + "y",       //
          repeated(500, "\xe8\xae\xa2")};    // likewise, in bytes
}

std::optional<std::string> order_of(store_trial& trial, const char* session_id) {
  return trial.value(trial.store().order_of(session_id), "order_of()");
}

bool same(const history_entry& left, const history_entry& right) {
  return left.at == right.at && left.who == right.who && left.what == right.what &&
         left.session_id == right.session_id && left.event_id == right.event_id &&
         left.reasons == right.reasons && left.note == right.note;
}

} // namespace

void adds_an_order_once(store_trial& trial) {
  fulfillment_store& store = trial.store();
  trial.expect(!trial.value(store.find("A1"), "find()"), "find() found what was never added");
  trial.expect(trial.value(store.history("A1"), "history()").empty(),
               "an order that was never added has a history");
  trial.add(order_of_number("A1"));
  order_record changed = order_of_number("A1");
  changed.attempts = 1;
  changed.sessions = {{"cs_test_1"}};
  trial.expect(!trial.value(store.add(changed, line_of("added twice")), "add()"),
               "the second add() of an order said true");
  trial.expect(trial.find("A1").attempts == 0, "the second add() of an order changed it");
  trial.expect(!order_of(trial, "cs_test_1"), "the second add() of an order added its session");
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added"},
               "the history of an order that was added twice is " + shown(trial.whats("A1")));
}

void gives_back_every_field(store_trial& trial) {
  order_record order = order_with_every_field();
  trial.add(order);
  trial.expect(to_text(trial.find("A1")) == to_text(order),
               "add() kept " + to_text(order) + " and find() gave " + to_text(trial.find("A1")));
  order.tries = 0;
  order.sessions.pop_back();
  trial.replace(order);
  trial.expect(to_text(trial.find("A1")) == to_text(order), "replace() kept " + to_text(order) +
                                                                " and find() gave " +
                                                                to_text(trial.find("A1")));
}

void tells_order_numbers_apart(store_trial& trial) {
  const std::vector<std::string> numbers = order_numbers();
  for (std::size_t i = 0; i != numbers.size(); ++i) {
    trial.expect(!trial.value(trial.store().find(numbers[i]), "find()"),
                 "find() took another order for '" + numbers[i] + "'");
    order_record order = order_of_number(numbers[i]);
    order.sessions = {{"cs_test_" + std::to_string(i)}};
    trial.add(order);
  }
  for (std::size_t i = 0; i != numbers.size(); ++i) {
    order_record order = trial.find(numbers[i]);
    trial.expect(order.out_trade_no == numbers[i],
                 "find() gave '" + order.out_trade_no + "' for '" + numbers[i] + "'");
    trial.expect(order_of(trial, ("cs_test_" + std::to_string(i)).c_str()) == numbers[i],
                 "order_of() did not give '" + numbers[i] + "'");
    trial.replace(order);
    trial.expect(trial.whats(numbers[i]) == std::vector<std::string>{"added", "replaced"},
                 "the history of '" + numbers[i] + "' is " + shown(trial.whats(numbers[i])));
  }
}

void replaces_only_what_was_seen(store_trial& trial) {
  const auto replaces = [&](const char* number, std::uint64_t version) {
    order_record order = order_of_number(number);
    order.version = version;
    order.attempts = static_cast<int>(version);
    return trial.value(trial.store().replace(order, line_of("v" + std::to_string(version))),
                       "replace()");
  };
  trial.expect(!replaces("A1", 1), "replace() of an order that is not there said true");
  trial.expect(!trial.value(trial.store().find("A1"), "find()"), "replace() added an order");
  trial.add(order_of_number("A1"));
  trial.add(order_of_number("A2"));
  trial.expect(!replaces("A1", 0), "replace() by the version that is kept said true");
  trial.expect(!replaces("A1", 2), "replace() by a version ahead of the next said true");
  trial.expect(replaces("A1", 1), "replace() by the next version said false");
  trial.expect(!replaces("A1", 1), "replace() by the same version twice said true");
  trial.expect(replaces("A1", 2), "replace() by the next version said false");
  trial.expect(!replaces("A1", 1), "replace() by an older version said true");
  trial.expect(trial.find("A1").attempts == 2, "a replace() that said false changed the order");
  trial.expect(trial.find("A2").version == 0, "replace() changed another order");
}

void keeps_history_in_order(store_trial& trial) {
  order_record order = order_of_number("A1");
  trial.add(order);
  std::vector<std::string> expected{"added"};
  for (int i = 0; i != 12; ++i) {
    history_entry entry = line_of("line " + std::to_string(i));
    entry.at = trial_noon - i / 2; // clocks go wrong
    ++order.version;
    trial.value(trial.store().replace(order, entry), "replace()");
    expected.push_back(entry.what);
  }
  trial.expect(trial.whats("A1") == expected,
               "the history is " + shown(trial.whats("A1")) + " and not " + shown(expected));
}

void keeps_every_field_of_history(store_trial& trial) {
  const history_entry first{std::numeric_limits<unix_seconds>::min(),
                            awkward_text("who"),
                            awkward_text("what"),
                            awkward_text("session"),
                            awkward_text("event"),
                            {reason::duplicate_payment, reason::amount_mismatch},
                            awkward_text("note")};
  const history_entry second{std::numeric_limits<unix_seconds>::max(), {}, {}, {}, {}, {}, {}};
  order_record order = order_of_number("A1");
  trial.value(trial.store().add(order, first), "add()");
  ++order.version;
  trial.value(trial.store().replace(order, second), "replace()");
  const std::vector<history_entry> kept = trial.value(trial.store().history("A1"), "history()");
  trial.expect(kept.size() == 2 && same(kept[0], first), "add() changed the line of history");
  trial.expect(kept.size() == 2 && same(kept[1], second), "replace() changed the line of history");
}

void does_both_or_neither(store_trial& trial) {
  order_record order = order_of_number("A1");
  trial.add(order);
  order.version = 2;
  order.sessions = {{"cs_test_1"}};
  trial.value(trial.store().replace(order, line_of("too early")), "replace()");
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added"},
               "a replace() that said false added to the history");
  trial.expect(!order_of(trial, "cs_test_1"), "a replace() that said false added a session");
  order.version = 0;
  trial.replace(order);
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added", "replaced"},
               "replace() did not add to the history");
  trial.expect(order_of(trial, "cs_test_1") == "A1", "replace() did not add a session");
}

void remembers_the_first_order_of_a_session(store_trial& trial) {
  trial.expect(!order_of(trial, "cs_test_1"), "order_of() knows a session of no order");
  order_record first = order_of_number("A2");
  first.sessions = {{"cs_test_1"}, {"cs_test_2"}};
  trial.add(first);
  order_record second = order_of_number("A1");
  second.sessions = {{"cs_test_1"}, {"cs_test_3"}};
  trial.add(second);
  trial.expect(order_of(trial, "cs_test_1") == "A2", "add() took the session of another order");
  trial.expect(order_of(trial, "cs_test_2") == "A2", "order_of() does not know a session of add()");
  trial.expect(order_of(trial, "cs_test_3") == "A1",
               "order_of() does not know a session beside one of another order");
  trial.expect(!order_of(trial, "CS_TEST_1"), "order_of() takes capitals for small letters");
  trial.expect(!order_of(trial, "cs_test_"), "order_of() takes a part for the whole");
  second.sessions.push_back({"cs_test_2"});
  second.sessions.push_back({"cs_test_4"});
  trial.replace(second);
  trial.expect(order_of(trial, "cs_test_2") == "A2", "replace() took the session of another order");
  trial.expect(order_of(trial, "cs_test_4") == "A1",
               "order_of() does not know a session of replace()");
  first.sessions.clear();
  trial.replace(first);
  trial.expect(order_of(trial, "cs_test_1") == "A2", "replace() forgot a session");
}

void commits_with_the_host(store_trial& trial) {
  order_record order = order_of_number("A1");
  trial.add(order);
  ++order.version;
  order.sessions = {{"cs_test_1"}};
  int calls = 0;
  const auto writes = [&](const open_transaction&) {
    ++calls;
    return true;
  };
  trial.expect(
      trial.value(trial.store().replace_with(order, line_of("with"), writes), "replace_with()"),
      "replace_with() said false though the host agreed");
  trial.expect(calls != 0, "replace_with() did not call the host");
  trial.expect(trial.find("A1").version == 1, "replace_with() did not replace the order");
  trial.expect(order_of(trial, "cs_test_1") == "A1", "replace_with() did not add a session");
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added", "with"},
               "replace_with() did not add to the history");
  trial.expect(
      !trial.value(trial.store().replace_with(order, line_of("late"), writes), "replace_with()"),
      "replace_with() by the same version twice said true");
}

void undoes_what_the_host_refuses(store_trial& trial) {
  order_record order = order_of_number("A1");
  trial.add(order);
  order_record changed = due_order("A1", trial_noon);
  changed.version = 1;
  changed.sessions = {{"cs_test_1"}};
  const auto nothing_changed = [&](const std::string& after) {
    trial.expect(trial.find("A1").version == 0, "the order was replaced though " + after);
    trial.expect(trial.whats("A1") == std::vector<std::string>{"added"},
                 "a line of history was added though " + after);
    trial.expect(!order_of(trial, "cs_test_1"), "a session was added though " + after);
    trial.expect(trial.value(trial.store().due(trial_noon, 1), "due()").empty(),
                 "the order became due though " + after);
  };
  const auto answer_to = [&](const host_writes& writes) {
    return trial.value(trial.store().replace_with(changed, line_of("with"), writes),
                       "replace_with()");
  };
  trial.expect(!answer_to([](const open_transaction&) { return false; }),
               "replace_with() said true though the host said false");
  nothing_changed("the host said false");
  trial.expect(!answer_to([](const open_transaction&) -> bool { throw std::runtime_error("no"); }),
               "replace_with() said true though the host threw");
  nothing_changed("the host threw an exception");
  trial.expect(!answer_to([](const open_transaction&) -> bool { throw 1; }),
               "replace_with() said true though the host threw what is no std::exception");
  nothing_changed("the host threw what is no std::exception");
  trial.replace(order);
}

void moves_cursors(store_trial& trial) {
  const auto cursor = [&](const char* name) {
    return trial.value(trial.store().cursor(name), "cursor()");
  };
  const auto moves = [&](const char* name, std::string_view from, std::string_view to) {
    return trial.value(trial.store().move_cursor(name, from, to), "move_cursor()");
  };
  trial.expect(cursor("events").empty(), "a cursor that nobody moved stands somewhere");
  trial.expect(!moves("events", "evt_1", "evt_2"), "move_cursor() from elsewhere said true");
  trial.expect(cursor("events").empty(), "move_cursor() that said false moved it");
  trial.expect(moves("events", "", "evt_1"), "the first move_cursor() said false");
  trial.expect(!moves("events", "", "evt_2"), "the first move_cursor() succeeded twice");
  trial.expect(!moves("events", "EVT_1", "evt_2"),
               "move_cursor() takes capitals for small letters");
  trial.expect(cursor("events") == "evt_1", "a cursor does not stand where it was moved to");
  trial.expect(moves("events", "evt_1", "evt_1"), "move_cursor() to where it stands said false");
  trial.expect(moves("events", "evt_1", awkward), "move_cursor() from where it stands said false");
  trial.expect(cursor("events") == awkward, "a cursor did not keep its bytes");
  trial.expect(cursor("Events").empty() && cursor("sessions").empty(),
               "move_cursor() moved another cursor");
  trial.expect(moves("events", awkward, ""), "move_cursor() to the beginning said false");
  trial.expect(cursor("events").empty(), "a cursor did not go back to the beginning");
  trial.expect(moves("events", "", "evt_1"), "move_cursor() after going back said false");
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
