// The bytes are the text of an order in a store or, after a first byte 1, the choices from which a
// record is made. A record must come back from its text as it was, and text that is none must be
// refused.

#include "check.hpp"
#include "session_maker.hpp"

#include <stripe_return/fulfillment/order_record.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace {

namespace sr = stripe_return;
using fuzz::check;

// One of the enumerators from the first to `last`.
template <class Enum> Enum any(fuzz::byte_source& choices, Enum last) {
  return static_cast<Enum>(choices.below(static_cast<std::size_t>(last) + 1));
}

std::string text(fuzz::byte_source& choices) {
  const char* texts[] = {"", "A1", "\"\\\x01/", "\xe8\xae\xa2\xe5\x8d\x95", "a\tb\nc"};
  return choices.pick(texts);
}

int small_number(fuzz::byte_source& choices) {
  const int numbers[] = {0, 1, 7, 2147483647, -1};
  return choices.pick(numbers);
}

sr::session_record session_record(fuzz::byte_source& choices) {
  sr::session_record made;
  made.id = text(choices);
  made.attempt = small_number(choices);
  made.state = any(choices, sr::order_state::needs_review);
  made.final = choices.flag();
  made.created = fuzz::number(choices);
  made.reviewed = choices.flag();
  made.next_step = any(choices, sr::next_step::none);
  made.pay_again = any(choices, sr::pay_again::unknown);
  return made;
}

sr::order_record order_record(fuzz::byte_source& choices) {
  sr::order_record made;
  made.out_trade_no = text(choices);
  if (choices.flag()) {
    made.expected = fuzz::order(choices, fuzz::session(choices));
    made.expected->out_trade_no = made.out_trade_no;
  }
  made.stage = any(choices, sr::order_stage::rejected);
  made.attempts = small_number(choices);
  made.attempt_at = fuzz::number(choices);
  for (std::size_t left = choices.below(4); left != 0; --left)
    made.sessions.push_back(session_record(choices));
  made.paid_session = text(choices);
  for (std::size_t left = choices.below(4); left != 0; --left)
    made.review.push_back(any(choices, sr::reason::unrecognized_status));
  made.held = choices.flag();
  made.token = static_cast<std::uint64_t>(fuzz::number(choices));
  made.lease = fuzz::number(choices);
  made.tries = small_number(choices);
  made.due_at = fuzz::number(choices);
  made.due_since = fuzz::number(choices);
  made.asks = small_number(choices);
  made.ask_at = fuzz::number(choices);
  made.version = static_cast<std::uint64_t>(fuzz::number(choices));
  return made;
}

bool same(const sr::session_record& a, const sr::session_record& b) {
  return a.id == b.id && a.attempt == b.attempt && a.state == b.state && a.final == b.final &&
         a.created == b.created && a.reviewed == b.reviewed && a.next_step == b.next_step &&
         a.pay_again == b.pay_again;
}

bool same(const std::optional<sr::expected_order>& a, const std::optional<sr::expected_order>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return a->out_trade_no == b->out_trade_no && a->amounts == b->amounts &&
         a->amount_rule == b->amount_rule && a->mode == b->mode && a->livemode == b->livemode &&
         a->account == b->account && a->session_ids == b->session_ids;
}

bool same(const sr::order_record& a, const sr::order_record& b) {
  return a.out_trade_no == b.out_trade_no && same(a.expected, b.expected) && a.stage == b.stage &&
         a.attempts == b.attempts && a.attempt_at == b.attempt_at &&
         std::equal(a.sessions.begin(), a.sessions.end(), b.sessions.begin(), b.sessions.end(),
                    [](const auto& one, const auto& other) { return same(one, other); }) &&
         a.paid_session == b.paid_session && a.review == b.review && a.held == b.held &&
         a.token == b.token && a.lease == b.lease && a.tries == b.tries && a.due_at == b.due_at &&
         a.due_since == b.due_since && a.asks == b.asks && a.ask_at == b.ask_at &&
         a.version == b.version;
}

void check_round_trip(const sr::order_record& order) {
  const std::string written = sr::to_text(order);
  const auto read = sr::parse_order_record(written);
  check(read && same(*read, order), "a record comes back from its text as it was");
  check(sr::to_text(*read) == written, "the same record is always the same text");
  const sr::order_index index = sr::index_of(*read);
  check(index.in_review == !order.review.empty(), "who waits for a person is found");
}

// Whatever to_text() writes of it, it must have found in the text.
void check_text(const std::string& text) {
  const auto read = sr::parse_order_record(text);
  if (!read) {
    static const std::string message = sr::parse_order_record("").error().message;
    check(read.error().code == sr::error_code::store_corrupt && read.error().message == message,
          "text that is no record is refused as such, in words of the library's own");
    return;
  }
  const auto given = nlohmann::json::parse(text);
  const auto written = nlohmann::json::parse(sr::to_text(*read));
  for (const auto& [key, value] : written.items())
    check(key == "sessions" || key == "expected" || given.at(key) == value,
          "a value that is kept is the one in the text");
  check_round_trip(*read);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0 && data[0] == 1) {
    fuzz::byte_source choices(data + 1, size - 1);
    check_round_trip(order_record(choices));
  } else {
    check_text({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
