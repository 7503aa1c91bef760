#include "core/event_reader.hpp"

#include "core/ascii.hpp"
#include "core/document_reader.hpp"
#include "core/event_envelope.hpp"
#include "core/event_types.hpp"
#include "core/object_id.hpp"

#include <stripe_return/core/session_id.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {

namespace {

error no_session() {
  return {error_code::wrong_object,
          "It names no Checkout Session: look for it in Stripe's dashboard."};
}

// A text that is there, or "".
std::string read_text(std::string_view object, place where) {
  std::string text;
  if (!document_reader(object).read(where, &text)) text.clear();
  return text;
}

std::optional<error> read_session(std::string_view object, event& event) {
  if (object.empty()) return no_session();
  checkout_session session;
  document_reader reader(object);
  std::optional<error> fault;
  if (!reader.read(place::session, &session)) {
    fault = reader.failure();
    session.id = read_text(object, place::id);
  } else if (session.object.empty()) {
    fault = no_session();
  }
  if (session_id::parse(session.id)) {
    event.session_id = session.id;
  } else if (!fault) {
    fault = no_session();
  }
  if (!fault) event.session = std::move(session);
  return fault;
}

std::optional<error> read_related_session(const event_envelope& of, event& event) {
  if (of.related_type != "checkout.session" || !session_id::parse(of.related_id)) {
    return no_session();
  }
  event.session_id = of.related_id;
  return std::nullopt;
}

std::string payment_intent_of(const event_envelope& envelope, bool thin, event_object about) {
  if (thin) return envelope.related_type == "payment_intent" ? envelope.related_id : "";
  return read_text(envelope.object,
                   about == event_object::payment_intent ? place::id : place::paid_object);
}

error unreadable(const error& why, const std::string& session_id) {
  error failure{error_code::unreadable_event,
                "An event about a Checkout Session cannot be read: fetch the session. " +
                    why.message};
  failure.session_id = session_id;
  return failure;
}

} // namespace

event_reading read_event(std::string_view json) {
  event_envelope envelope;
  document_reader reader(json);
  reader.pass_over_faults();
  reader.read(place::event, &envelope);
  event_reading read{std::move(envelope.event), envelope.is_event, reader.failure()};
  event& event = read.event;
  if (!read.is_event && !read.fault) {
    read.fault = error{
        error_code::not_an_event,
        "The body is signed, but is not an event: send only Stripe's events to this endpoint."};
  }
  if (!is_object_id(event.snapshot_event)) event.snapshot_event.clear();
  const std::string& type = event.type.raw();
  if (event.thin && starts_with(type, "v1.")) {
    event.type = open_enum<event_type>(type.substr(3));
  }
  const known_event* const known = find_known_event(event.type.known());
  if (read.is_event && known != nullptr) {
    if (known->about == event_object::checkout_session) {
      const std::optional<error> fault =
          event.thin ? read_related_session(envelope, event) : read_session(envelope.object, event);
      if (!read.fault) read.fault = fault;
      if (read.fault) read.fault = unreadable(*read.fault, event.session_id);
    } else {
      event.payment_intent = payment_intent_of(envelope, event.thin, known->about);
      if (!is_object_id(event.payment_intent)) event.payment_intent.clear();
    }
  }
  if (read.fault) event.relevance = event_relevance::unreadable;
  return read;
}

void judge_relevance(event& event, std::optional<livemode> expected, event_accounts accounts) {
  const bool readable = event.relevance != event_relevance::unreadable;
  std::string its_account = account_of(event);
  const bool may_differ = readable || !its_account.empty();
  if (its_account.empty()) its_account = accounts.own;
  const auto of_other_mode = [&](std::optional<livemode> mode) {
    return expected && mode != expected && (mode || readable);
  };
  if (of_other_mode(event.livemode) || (event.session && of_other_mode(event.session->livemode))) {
    event.relevance = event_relevance::other_livemode;
  } else if (!accounts.expected.empty() && its_account != accounts.expected && may_differ) {
    event.relevance = event_relevance::other_account;
  } else if (readable) {
    event.relevance = !event.session_id.empty()       ? event_relevance::handled
                      : !event.payment_intent.empty() ? event_relevance::payment_intent
                                                      : event_relevance::other_type;
  }
  if (event.relevance != event_relevance::handled) {
    event.session.reset();
  } else if (event.session) {
    event.session->of_own_account = !accounts.expected.empty() || its_account == accounts.own;
    event.session->account = std::move(its_account);
  }
  if (event.relevance == event_relevance::other_livemode ||
      event.relevance == event_relevance::other_account) {
    event.session_id.clear();
    event.payment_intent.clear();
  }
}

} // namespace v0
} // namespace stripe_return
