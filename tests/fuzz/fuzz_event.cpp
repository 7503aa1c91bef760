// The bytes are the body of a webhook or, after a first byte 1, the choices from which
// event_writer.hpp writes one. Signed, it must be read as a second decoder reads it; with one bit
// changed nothing of it may be believed; an event decides no more than its session's words; and in
// a list it is what it is alone, even where it cannot be read.

#include "check.hpp"
#include "dom_event_decoder.hpp"
#include "event_writer.hpp"
#include "full_session.hpp"
#include "own_messages.hpp"
#include "read_part.hpp"
#include "same_session.hpp"
#include "webhook_signature.hpp"

#include <stripe_return/core/decide.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include "core/event_reader.hpp"

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using fuzz::check;

constexpr sr::unix_seconds signed_at = 1774256446;
const std::string secret = "whsec_1";

sr::webhook_verifier verifier_for(const std::string& account) {
  sr::webhook_options options;
  options.account = account;
  return {{{"other", "whsec_2"}, {"own", secret}}, sr::livemode::test, options};
}

sr::result<sr::event> verify(std::string_view body, const fuzz::webhook_mac& mac) {
  static const sr::webhook_verifier verifier = verifier_for("");
  return verifier.verify(body, fuzz::signature_header(signed_at, mac), signed_at);
}

std::string message_for(const std::string& json) {
  const auto refused = verify(json, fuzz::mac_of(json, signed_at, secret));
  check(!refused, "what is no event is refused");
  return refused.error().message;
}

// With this beside it in an event about a Checkout Session.
std::string message_beside(const std::string& object) {
  return message_for(R"({"object":"event","type":"checkout.session.completed",)" +
                     object.substr(1));
}

std::string message_for_session(const std::string& json) {
  return message_beside(R"({"data":{"object":)" + json + "}}");
}

void check_error(const sr::error& failure) {
  static const fuzz::own_messages of_other(message_for, fuzz::event_shape(),
                                           {"", "[]", "1e999", "{}"});
  static const fuzz::own_messages of_event(message_beside, fuzz::event_shape(),
                                           {R"({"x":[})", R"({"id":1e999})"});
  static const fuzz::own_messages of_session(
      message_for_session, fuzz::session_shape(),
      {"null", "{}", R"({"x" 1})", R"({"status":1e999})", R"({"object":"event"})",
       R"({"object":"charge"})", R"({"line_items":{"object":"charge"}})",
       R"({"metadata":{"a":"","a":""}})", R"({"line_items":{"data":[null]}})"});
  const bool own = failure.code == code::unreadable_event
                       ? of_event.has(failure.message) || of_session.has(failure.message)
                       : of_other.has(failure.message);
  check(own, "an error's message is one of the library's own");
  check(failure.http_status == 0 && failure.stripe_code.empty() && failure.request_id.empty(),
        "an error says nothing of an answer that there was not");
}

std::string account_of(const fuzz::dom_event_reading& event) {
  const std::size_t slash = event.context.find_last_of('/');
  const bool ends = slash != std::string::npos && slash + 1 == event.context.size();
  const std::string last = ends ? event.context : event.context.substr(slash + 1);
  if (event.account.empty()) return last;
  return last.empty() || last == event.account ? event.account : event.account + " and " + last;
}

sr::event_relevance relevance_of(const fuzz::dom_event_reading& event, const std::string& account) {
  using relevance = sr::event_relevance;
  const auto is_of_other_mode = [&](std::optional<sr::livemode> mode) {
    return event.unreadable ? mode == sr::livemode::live : mode != sr::livemode::test;
  };
  if (is_of_other_mode(event.livemode) ||
      (event.session && is_of_other_mode(event.session->livemode))) {
    return relevance::other_livemode;
  }
  const std::string its_account = account_of(event);
  const bool unknown = event.unreadable && its_account.empty();
  if (!account.empty() && its_account != account && !unknown) return relevance::other_account;
  if (event.unreadable) return relevance::unreadable;
  if (event.about_session) return relevance::handled;
  return event.payment_intent.empty() ? relevance::other_type : relevance::payment_intent;
}

void check_event(const sr::event& event, const fuzz::dom_event_reading& expected,
                 const std::string& account) {
  const sr::event_relevance relevance = relevance_of(expected, account);
  check(event.id == expected.id && event.type.raw() == expected.type &&
            event.account == expected.account && event.context == expected.context &&
            event.created == expected.created && event.livemode == expected.livemode &&
            event.thin == expected.thin && event.snapshot_event == expected.snapshot_event,
        "every field is as the second decoder has it");
  check(event.relevance == relevance, "so is its relevance");
  const bool handled = relevance == sr::event_relevance::handled;
  check(event.session_id == (handled ? expected.session_id : ""), "so is the session's id");
  check(event.payment_intent ==
            (relevance == sr::event_relevance::payment_intent ? expected.payment_intent : ""),
        "so is the PaymentIntent's id");
  check(event.session.has_value() == (handled && !expected.thin),
        "an event that is handled has its session, and no other, nor a thin one");
  if (event.session) {
    sr::checkout_session session = *expected.session;
    session.account = account_of(expected);
    session.of_own_account = !account.empty() || session.account.empty();
    check(fuzz::same(*event.session, session), "so is its session");
  }
}

void check_reading(const sr::result<sr::event>& event, const fuzz::dom_event_reading& expected,
                   const std::string& account) {
  if (event) {
    check(http_answer(event) == 200, "a genuine event is accepted");
    check(expected.is_event, "what the second decoder refuses is refused");
    return check_event(*event, expected, account);
  }
  const sr::error& failure = event.error();
  check_error(failure);
  check(!expected.is_event || relevance_of(expected, account) == sr::event_relevance::unreadable,
        "what the second decoder accepts is accepted");
  if (expected.about_session) {
    check(failure.code == code::unreadable_event && http_answer(event) == 500,
          "an event about a Checkout Session that cannot be read comes again");
    check(failure.session_id == expected.session_id, "and names the session");
    return;
  }
  check(http_answer(event) == 400, "what is no event is the sender's fault");
  check(failure.session_id.empty(), "and names no session");
  check(expected.faults.count(failure.code) == 1 ||
            (failure.code == code::not_an_event && !expected.is_event && expected.faults.empty()),
        "the error is one that the second decoder finds");
}

template <class Enum> bool known(const sr::open_enum<Enum>& word) {
  return word != Enum::absent && word != Enum::unrecognized;
}

void check_outcome(const sr::event& event, const sr::order_outcome& outcome) {
  const bool fulfills = outcome.may_fulfill(outcome.out_trade_no());
  const bool decided = fulfills || outcome.may_release() || outcome.final();
  if (!event.session) {
    check(!decided && outcome.state() == sr::order_state::undetermined,
          "an event without a session decides nothing");
    return;
  }
  const sr::checkout_session& session = *event.session;
  if (!known(session.status) || !known(session.payment_status) || !known(session.mode)) {
    check(!decided, "an unknown word decides nothing");
  }
  if (fulfills) {
    check(session.status == sr::session_status::complete &&
              session.payment_status != sr::session_payment_status::unpaid,
          "only a complete session that is not unpaid fulfills");
    check(session.metadata.get("out_trade_no") == outcome.out_trade_no() ||
              (session.payment_intent &&
               session.payment_intent->metadata.get("out_trade_no") == outcome.out_trade_no()),
          "what is fulfilled is the order that the session names");
  }
  if (outcome.state() == sr::order_state::failed) {
    check(session.payment_status == sr::session_payment_status::unpaid,
          "an event of a failed payment never outweighs a session that is paid");
  }
}

void check_decision(const sr::event& event) {
  const sr::observation observed = observation_of(event).value_or(sr::observation());
  check_outcome(event, decide_unchecked(observed));
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}};
  const sr::order_outcome outcome = decide(observed, expected);
  check_outcome(event, outcome);
  check(!outcome.may_fulfill("A2"), "may_fulfill() is false for every other order number");
}

// Where the bit is, the body itself says.
void check_forgeries(const std::string& body, const fuzz::webhook_mac& mac) {
  const auto refused = [](const sr::result<sr::event>& event) {
    return !event && event.error().code == code::signature_mismatch;
  };
  const std::size_t anywhere = static_cast<std::size_t>(mac[0]) << 8U | mac[1];
  if (!body.empty()) {
    std::string forged = body;
    const std::size_t at = anywhere % body.size();
    forged[at] = static_cast<char>(forged[at] ^ (1 << (mac[2] % 8)));
    check(refused(verify(forged, mac)), "a flipped bit in the body is seen");
    forged = body.substr(1);
    check(refused(verify(forged, mac)), "so is a byte that is missing");
  }
  check(refused(verify(body + '\0', mac)), "so is a byte too many");
  fuzz::webhook_mac forged = mac;
  forged[anywhere % forged.size()] ^= static_cast<unsigned char>(1U << (mac[2] % 8U));
  check(refused(verify(body, forged)), "so is a flipped bit in the signature");
  check(refused(verify(body, fuzz::mac_of(body, signed_at + 1, secret))), "so is another time");
  check(refused(verify(body, fuzz::mac_of(body, signed_at, "whsec_"))), "so is another secret");
}

bool same(const sr::event& a, const sr::event& b) {
  return a.id == b.id && a.type.raw() == b.type.raw() && a.relevance == b.relevance &&
         a.thin == b.thin && a.created == b.created && a.livemode == b.livemode &&
         a.account == b.account && a.context == b.context && a.session_id == b.session_id &&
         a.payment_intent == b.payment_intent && a.snapshot_event == b.snapshot_event &&
         a.session.has_value() == b.session.has_value() &&
         (!a.session || fuzz::same(*a.session, *b.session));
}

sr::event_reading judged(std::string_view body) {
  sr::event_reading read = sr::read_event(body);
  judge_relevance(read.event, std::nullopt, {});
  return read;
}

// Its neighbors in the list have every field, and none.
void check_in_a_list(std::string_view body) {
  body.remove_prefix(std::min(body.find_first_not_of(" \t\n\r"), body.size()));
  if (body.empty() || body[0] != '{') return;
  body = body.substr(0, body.find_last_not_of(" \t\n\r") + 1);
  if (fuzz::end_of_value(body, 0) != body.size()) return; // it would not end where it ends here
  static const std::string full = R"({"id":"evt_full","object":"event","account":"acct_full",)"
                                  R"("type":"checkout.session.completed","created":1,)"
                                  R"("livemode":true,"snapshot_event":"evt_twin","related_object":)"
                                  R"({"id":"pi_full","type":"payment_intent"},"data":{"object":)" +
                                  fuzz::full_session() + "}}";
  const auto page =
      sr::parse_event_page(R"({"object":"list","data":[)" + full + "," + std::string(body) +
                           R"(,{"object":"event"}],"has_more":true})");
  const sr::event_reading alone = judged(body);
  check(page.has_value() == alone.is_event, "what is no event makes no list of events");
  if (!page) return;
  check(page->has_more && page->data.size() == 3, "no event hides another");
  check((page->data[1].relevance == sr::event_relevance::unreadable) == alone.fault.has_value(),
        "an event that cannot be read stays in the list and says so");
  check(same(page->data[0], judged(full).event) && same(page->data[1], alone.event) &&
            same(page->data[2], sr::event()),
        "an event in a list has nothing of its neighbors");
}

void check_body(const std::string& body) {
  static const sr::webhook_verifier connected = verifier_for("acct_1");
  const fuzz::webhook_mac mac = fuzz::mac_of(body, signed_at, secret);
  const auto event = verify(body, mac);
  const fuzz::dom_event_reading expected = fuzz::dom_event_decoder::decode(body);
  check_reading(event, expected, "");
  check_reading(connected.verify(body, fuzz::signature_header(signed_at, mac), signed_at), expected,
                "acct_1");
  if (body.find('\0') == std::string::npos &&
      nlohmann::json::parse(body, nullptr, false).is_object()) {
    check(expected.faults.count(code::not_json) == 0, "what is JSON is read as such");
  }
  if (event) check_decision(*event);
  check_forgeries(body, mac);
  check_in_a_list(body);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size != 0 && data[0] == 1) {
    fuzz::byte_source choices(data + 1, size - 1);
    check_body(fuzz::event_writer(choices).write());
  } else {
    check_body(std::string(reinterpret_cast<const char*>(data), size));
  }
  return 0;
}
