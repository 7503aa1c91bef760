// Fields and nulls: https://docs.stripe.com/api/payment_intents/object,
// https://docs.stripe.com/api/charges/object, https://docs.stripe.com/api/refunds/object and
// https://docs.stripe.com/api/disputes/object

#include "testkit/fake_stripe/object_json.hpp"

#include "testkit/fake_stripe/json_parts.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

using nlohmann::json;

json last_payment_error(const payment_intent& intent) {
  if (intent.error_code.empty()) return nullptr;
  json error = {{"charge", intent.charges.back().id}, {"code", intent.error_code}};
  if (intent.error_code == "card_declined") {
    error["decline_code"] = "generic_decline";
    error["doc_url"] = "https://stripe.com/docs/error-codes/card-declined";
    error["message"] = "Your card was declined.";
    error["type"] = "card_error";
  } else {
    error["message"] = "The payment failed.";
    error["type"] = "invalid_request_error";
  }
  return error;
}

json no_evidence() {
  json evidence = object_with_nulls({"access_activity_log",
                                     "billing_address",
                                     "cancellation_policy",
                                     "cancellation_policy_disclosure",
                                     "cancellation_rebuttal",
                                     "customer_communication",
                                     "customer_email_address",
                                     "customer_name",
                                     "customer_purchase_ip",
                                     "customer_signature",
                                     "duplicate_charge_documentation",
                                     "duplicate_charge_explanation",
                                     "duplicate_charge_id",
                                     "product_description",
                                     "receipt",
                                     "refund_policy",
                                     "refund_policy_disclosure",
                                     "refund_refusal_explanation",
                                     "service_date",
                                     "service_documentation",
                                     "shipping_address",
                                     "shipping_carrier",
                                     "shipping_date",
                                     "shipping_documentation",
                                     "shipping_tracking_number",
                                     "uncategorized_file",
                                     "uncategorized_text"});
  evidence["enhanced_evidence"] = json::object();
  return evidence;
}

} // namespace

json payment_intent_json(const session& session) {
  const payment_intent& intent = *session.intent;
  const intent_status status = *session.state.intent;
  const charge& last = intent.charges.back();
  const std::int64_t amount = last.amount;
  json object = object_with_nulls(
      {"allowed_payment_method_types", "application", "application_fee_amount",
       "automatic_payment_methods", "customer_account", "next_action", "on_behalf_of",
       "payment_method_configuration_details", "processing", "payment_record", "receipt_email",
       "review", "setup_future_usage", "shipping", "source", "statement_descriptor",
       "statement_descriptor_suffix", "transfer_data", "transfer_group"});
  object["id"] = intent.id;
  object["object"] = "payment_intent";
  object["amount"] = amount;
  object["amount_capturable"] = status == intent_status::requires_capture ? amount : 0;
  object["amount_details"] = {{"tip", json::object()}};
  object["amount_received"] = status == intent_status::succeeded ? last.amount_captured : 0;
  object["canceled_at"] = time_or_null(intent.canceled_at);
  object["cancellation_reason"] = nullptr;
  object["capture_method"] = session.asked->manual_capture ? "manual" : "automatic_async";
  object["client_secret"] = intent.client_secret;
  object["confirmation_method"] = "automatic";
  object["created"] = intent.created;
  object["currency"] = session.paid_currency();
  object["customer"] = or_null(session.asked->customer_id);
  object["description"] = or_null(session.asked->intent_description);
  object["excluded_payment_method_types"] = nullptr;
  object["last_payment_error"] = last_payment_error(intent);
  object["latest_charge"] = last.id;
  object["livemode"] = false;
  object["managed_payments"] = nullptr;
  object["metadata"] = session.asked->intent_metadata;
  object["payment_method"] = text_or_null(intent.payment_method);
  object["payment_method_options"] = json::object();
  object["payment_method_types"] = offered_methods(*session.asked);
  object["status"] = to_string(status);
  return object;
}

json charge_json(const session& session, const charge& charge) {
  const bool succeeded = charge.status == "succeeded";
  const bool failed = charge.status == "failed";
  json object = object_with_nulls(
      {"application", "application_fee", "application_fee_amount", "balance_transaction",
       "failure_balance_transaction", "on_behalf_of", "payment_method_details", "receipt_email",
       "receipt_number", "receipt_url", "review", "shipping", "source", "source_transfer",
       "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"});
  object["id"] = charge.id;
  object["object"] = "charge";
  object["amount"] = charge.amount;
  object["amount_captured"] = charge.amount_captured;
  object["amount_refunded"] = charge.amount_refunded();
  object["billing_details"] = {{"address", no_address()},
                               {"email", "jenny.rosen@example.com"},
                               {"name", "Jenny Rosen"},
                               {"phone", nullptr},
                               {"tax_id", nullptr}};
  object["calculated_statement_descriptor"] = "FAKE-STRIPE";
  object["captured"] = charge.amount_captured != 0;
  object["created"] = charge.created;
  object["currency"] = session.paid_currency();
  object["customer"] = or_null(session.asked->customer_id);
  object["description"] = or_null(session.asked->intent_description);
  object["disputed"] = !charge.dispute_id.empty();
  object["failure_code"] = failed ? json(session.intent->error_code) : json(nullptr);
  object["failure_message"] = failed ? json("The payment failed.") : json(nullptr);
  object["fraud_details"] = json::object();
  object["livemode"] = false;
  object["metadata"] = session.asked->intent_metadata;
  object["outcome"] = nullptr;
  object["paid"] = succeeded;
  object["payment_intent"] = session.intent->id;
  object["payment_method"] = text_or_null(session.intent->payment_method);
  object["refunded"] =
      charge.amount_captured != 0 && charge.amount_refunded() == charge.amount_captured;
  object["status"] = charge.status;
  return object;
}

json refund_json(const session& session, const charge& charge, const refund& refund) {
  json object = object_with_nulls({"balance_transaction", "customer_account", "receipt_number",
                                   "source_transfer_reversal", "transfer_reversal"});
  object["id"] = refund.id;
  object["object"] = "refund";
  object["amount"] = refund.amount;
  object["charge"] = charge.id;
  object["created"] = refund.created;
  object["currency"] = session.paid_currency();
  object["customer"] = or_null(session.asked->customer_id);
  object["metadata"] = refund.metadata;
  object["payment_intent"] = session.intent->id;
  object["payment_method"] = text_or_null(session.intent->payment_method);
  object["reason"] = or_null(refund.reason);
  object["status"] = "succeeded";
  return object;
}

json dispute_json(const session& session, const charge& charge) {
  return {{"id", charge.dispute_id},
          {"object", "dispute"},
          {"amount", charge.amount_captured},
          {"balance_transactions", json::array()},
          {"charge", charge.id},
          {"created", charge.disputed_at},
          {"currency", session.paid_currency()},
          {"enhanced_eligibility_types", json::array()},
          {"evidence", no_evidence()},
          {"evidence_details",
           {{"due_by", charge.disputed_at + 7 * 24 * 60 * 60},
            {"enhanced_eligibility", json::object()},
            {"has_evidence", false},
            {"past_due", false},
            {"submission_count", 0}}},
          {"is_charge_refundable", false},
          {"livemode", false},
          {"metadata", json::object()},
          {"payment_intent", session.intent->id},
          {"reason", "general"},
          {"status", "needs_response"}};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
