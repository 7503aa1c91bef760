// The objects as the API shows them at version 2026-09-30.endive, nothing expanded.
#pragma once

#include "testkit/fake_stripe/session.hpp"

#include <stripe_return/export.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

nlohmann::json session_json(const session& session);
nlohmann::json line_item_json(const session& session, const bought_item& item);
// Of a session that has an intent.
nlohmann::json payment_intent_json(const session& session);
nlohmann::json charge_json(const session& session, const charge& charge);
nlohmann::json refund_json(const session& session, const charge& charge, const refund& refund);
nlohmann::json dispute_json(const session& session, const charge& charge); // of one disputed
nlohmann::json product_json(const product& product);
nlohmann::json price_json(const price& price);
nlohmann::json customer_json(const customer& customer);
nlohmann::json list_json(nlohmann::json data, bool has_more, const std::string& url);

nlohmann::json text_or_null(const std::string& text); // null where it is empty
// By which a customer can pay.
STRIPE_RETURN_EXPORT std::vector<std::string> offered_methods(const session_request& asked);

} // namespace fake
} // namespace v0
} // namespace stripe_return
