#include "testkit/fake_stripe/event.hpp"

#include "core/ascii.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <stripe_return/client/client_options.hpp>

#include <array>
#include <cstdio>
#include <ctime>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

struct told_kind {
  std::string_view type_begins;
  std::string_view name; // as in related_object
  std::string_view path;
  json (*show)(const session& session, const std::string& id);
};

json show_session(const session& session, const std::string&) {
  return session_json(session);
}
json show_intent(const session& session, const std::string&) {
  return payment_intent_json(session);
}
json show_charge(const session& session, const std::string& id) {
  for (const charge& each : session.intent->charges)
    if (each.id == id) return charge_json(session, each);
  return nullptr;
}
json show_dispute(const session& session, const std::string& id) {
  for (const charge& each : session.intent->charges)
    if (each.dispute_id == id) return dispute_json(session, each);
  return nullptr;
}

// charge.dispute. before charge.: the first that fits counts.
constexpr std::array<told_kind, 4> told_kinds = {
    {{"checkout.session.", "checkout.session", "/v1/checkout/sessions/", show_session},
     {"payment_intent.", "payment_intent", "/v1/payment_intents/", show_intent},
     {"charge.dispute.", "dispute", "/v1/disputes/", show_dispute},
     {"charge.", "charge", "/v1/charges/", show_charge}}};

const told_kind& kind_of(const event& event) {
  for (const told_kind& each : told_kinds)
    if (starts_with(event.type, each.type_begins)) return each;
  return told_kinds.back();
}

std::string rfc3339(unix_seconds time) {
  const std::time_t moment = static_cast<std::time_t>(time);
  std::tm utc = {};
  gmtime_r(&moment, &utc);
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.000Z", utc.tm_year + 1900,
                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
  return text;
}

} // namespace

json snapshot_json(const event& event, int pending_webhooks) {
  json shown = {{"id", event.id},
                {"object", "event"},
                {"api_version", stripe_api_version},
                {"created", event.created},
                {"data", {{"object", kind_of(event).show(event.as_it_was, event.object_id)}}},
                {"livemode", false},
                {"pending_webhooks", pending_webhooks},
                {"request",
                 {{"id", text_or_null(event.request_id)},
                  {"idempotency_key", text_or_null(event.idempotency_key)}}},
                {"type", event.type}};
  if (!event.account.empty()) {
    shown["account"] = event.account;
    shown["context"] = event.account;
  }
  return shown;
}

json thin_json(const event& event) {
  const told_kind& kind = kind_of(event);
  json reason = nullptr;
  if (!event.request_id.empty()) {
    reason = {
        {"type", "request"},
        {"request",
         {{"id", event.request_id}, {"idempotency_key", text_or_null(event.idempotency_key)}}}};
  }
  return {{"id", event.thin_id},
          {"object", "v2.core.event"},
          {"type", "v1." + event.type},
          {"context", text_or_null(event.account)},
          {"created", rfc3339(event.created)},
          {"livemode", false},
          {"reason", std::move(reason)},
          {"related_object",
           {{"id", event.object_id},
            {"type", kind.name},
            {"url", std::string(kind.path) + event.object_id}}},
          {"snapshot_event", event.id}};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
