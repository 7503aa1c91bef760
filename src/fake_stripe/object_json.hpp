// The objects as the API shows them at version 2026-09-30.endive, nothing expanded.
#pragma once

#include "fake_stripe/session.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

nlohmann::json text_or_null(const std::string& text); // null where it is empty
nlohmann::json session_json(const session& session);
nlohmann::json payment_intent_json(const session& session); // of one that has an intent
nlohmann::json charge_json(const session& session, const charge& charge);
nlohmann::json line_item_json(const session& session, const bought_item& item);
nlohmann::json product_json(const session& session, const bought_item& item);
nlohmann::json list_json(nlohmann::json data, bool has_more, const std::string& url);

} // namespace fake
} // namespace v0
} // namespace stripe_return
