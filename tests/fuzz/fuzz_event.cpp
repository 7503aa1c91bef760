// The bytes are the body of a webhook or, after a first byte 1, the choices from which
// event_writer.hpp writes one. Signed, it must be read as a second decoder reads it; with one bit
// changed nothing of it may be believed; an event decides no more than its session's words; and in
// a list it is what it is alone.

#include "check.hpp"
#include "dom_event_decoder.hpp"
#include "event_writer.hpp"
#include "full_session.hpp"
#include "own_messages.hpp"
#include "read_part.hpp"
#include "same_session.hpp"
#include "webhook_signature.hpp"

#include <stripe_return/webhook/webhook_verifier.hpp>

#include "core/event_reader.hpp"

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using about = fuzz::dom_event_reading::about;
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

void check_error(const sr::error& failure) {
  static const fuzz::own_messages own(message_for, fuzz::event_shape(),
                                      {"", "[]", "1e999", "{}", R"({"object":"v2.core.event"})",
                                       R"({"data":{"object":{"line_items":{"object":"charge"}}}})",
                                       R"({"data":{"object":{"metadata":{"a":"","a":""}}}})",
                                       R"({"data":{"object":{"line_items":{"data":[null]}}}})"});
  check(own.has(failure.message), "an error's message is one of the library's own");
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
  const bool has_session = event.object == about::session && !event.repeated_in_object;
  if (event.livemode != false || (has_session && event.session.session.livemode != false)) {
    return sr::event_relevance::other_livemode;
  }
  if (!account.empty() && account_of(event) != account) return sr::event_relevance::other_account;
  const bool known = event.type == "checkout.session.completed" ||
                     event.type == "checkout.session.expired" ||
                     event.type == "checkout.session.async_payment_succeeded" ||
                     event.type == "checkout.session.async_payment_failed";
  return known && has_session ? sr::event_relevance::handled : sr::event_relevance::other_type;
}

void check_event(const sr::event& event, const fuzz::dom_event_reading& expected,
                 const std::string& account) {
  check(event.id == expected.id && event.type.raw() == expected.type &&
            event.account == expected.account && event.context == expected.context &&
            event.created == expected.created && event.livemode == expected.livemode,
        "every field is as the second decoder has it");
  check(event.relevance == relevance_of(expected, account), "so is its relevance");
  check(event.session.has_value() == (event.relevance == sr::event_relevance::handled),
        "an event that is handled has its session, and no other");
  if (event.session) {
    sr::checkout_session session = expected.session.session;
    session.account = account_of(expected);
    session.of_own_account = !account.empty();
    check(fuzz::same(*event.session, session), "so is its session");
  }
}

// Everything that may be wrong in it: what stands in another object is not read, but what stands
// before the word that says so is.
std::set<code> faults_of(const fuzz::dom_event_reading& event) {
  std::set<code> faults = event.faults;
  faults.insert(event.session.faults.begin(), event.session.faults.end());
  if (event.repeated_in_object) faults.insert(code::repeated_key);
  return faults;
}

void check_reading(const sr::result<sr::event>& event, const fuzz::dom_event_reading& expected) {
  const std::set<code> faults = faults_of(expected);
  if (!event) {
    check_error(event.error());
    check(http_answer(event) == 400, "what is no event is the sender's fault");
    check(!faults.empty(), "what the second decoder accepts is accepted");
    if (expected.complete) {
      check(faults.count(event.error().code) == 1,
            "the error is one that the second decoder finds");
    }
    return;
  }
  check(http_answer(event) == 200, "a genuine event is accepted");
  check(expected.faults.empty(), "what the second decoder refuses is refused");
  if (expected.object != about::other && !expected.repeated_in_object) {
    check(expected.session.faults.empty(), "so is a session that it refuses");
  }
  check_event(*event, expected, "");
}

void check_account(const sr::result<sr::event>& event, std::string_view body,
                   const fuzz::webhook_mac& mac, const fuzz::dom_event_reading& expected) {
  static const sr::webhook_verifier connected = verifier_for("acct_1");
  const auto of_account = connected.verify(body, fuzz::signature_header(signed_at, mac), signed_at);
  check(of_account.has_value() == event.has_value(), "another account's event is genuine too");
  if (of_account) check_event(*of_account, expected, "acct_1");
}

template <class Word> bool known(const sr::open_enum<Word>& word) {
  return word != Word::absent && word != Word::unrecognized;
}

void check_outcome(const sr::event& event, const sr::order_outcome& outcome) {
  const bool fulfils = outcome.may_fulfill(outcome.out_trade_no());
  const bool decided = fulfils || outcome.may_release() || outcome.final();
  if (!event.session) {
    check(!decided && outcome.state() == sr::order_state::undetermined,
          "an event without a session decides nothing");
    return;
  }
  const sr::checkout_session& session = *event.session;
  if (!known(session.status) || !known(session.payment_status) || !known(session.mode)) {
    check(!decided, "an unknown word decides nothing");
  }
  if (fulfils) {
    check(session.status == sr::session_status::complete &&
              session.payment_status != sr::session_payment_status::unpaid,
          "only a complete session that is not unpaid fulfils");
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
  check_outcome(event, decide(event, signed_at));
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}};
  const sr::order_outcome outcome = decide(event, expected, signed_at);
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
         a.created == b.created && a.livemode == b.livemode && a.account == b.account &&
         a.context == b.context && a.session.has_value() == b.session.has_value() &&
         (!a.session || fuzz::same(*a.session, *b.session));
}

// Its neighbours in the list have every field, and none.
void check_in_a_list(const std::string& body) {
  if (body.substr(0, 1) == "\xEF") return; // a byte order mark begins a whole text alone
  static const std::string full = R"({"id":"evt_full","object":"event","account":"acct_full",)"
                                  R"("type":"checkout.session.completed","created":1,)"
                                  R"("livemode":true,"data":{"object":)" +
                                  fuzz::full_session() + "}}";
  const auto page = sr::parse_event_page(R"({"object":"list","data":[)" + full + "," + body +
                                         R"(,{"object":"event"}],"has_more":true})");
  auto alone = sr::read_event(body);
  if (!alone) {
    check(!nlohmann::json::accept(body) || !page, "what is no event is none in a list");
    return;
  }
  judge_relevance(*alone, std::nullopt, {});
  auto before = *sr::read_event(full);
  judge_relevance(before, std::nullopt, {});
  check(page && page->has_more && page->data.size() == 3, "what is read alone is read in a list");
  check(same(page->data[0], before) && same(page->data[1], *alone) &&
            same(page->data[2], sr::event()),
        "an event in a list has nothing of its neighbours");
}

// Of a text that is JSON from end to end, what is not read makes no difference.
void check_whole(const fuzz::dom_event_reading& read_part, const fuzz::dom_event_reading& whole) {
  check(read_part.faults == whole.faults, "the event's faults are in what is read");
  if (whole.repeated_in_object) return; // nobody knows which of two words the tree has kept
  check(read_part.object == whole.object, "so is what it is about");
  if (whole.object == about::other) return; // of which the second decoder picks more
  check(read_part.complete == whole.complete && read_part.session.faults == whole.session.faults &&
            fuzz::same(read_part.session.session, whole.session.session),
        "so are the session's fields and faults");
}

void check_body(const std::string& body) {
  const fuzz::webhook_mac mac = fuzz::mac_of(body, signed_at, secret);
  const auto event = verify(body, mac);
  const fuzz::dom_event_reading expected =
      fuzz::dom_event_decoder::decode(fuzz::read_part::of(body, fuzz::event_shape()));
  if (nlohmann::json::accept(body)) check_whole(expected, fuzz::dom_event_decoder::decode(body));
  check_reading(event, expected);
  check_account(event, body, mac, expected);
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
