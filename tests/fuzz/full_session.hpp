#pragma once

// A session with a value in every field that is read: what leaks from it into its neighbour in a
// list shows.
namespace fuzz {

inline constexpr const char* full_session =
    R"({"id":"cs_full","object":"checkout.session","status":"complete","payment_status":"paid",)"
    R"("mode":"payment","livemode":false,"created":1,"expires_at":2,"amount_subtotal":3,)"
    R"("amount_total":4,"currency":"cny","currency_conversion":{"amount_total":5},)"
    R"("client_reference_id":"c","metadata":{"a":"b"},"payment_intent":{"object":"payment_intent",)"
    R"("id":"pi","status":"succeeded","metadata":{"c":"d"},)"
    R"("latest_charge":{"object":"charge","amount_refunded":7,"disputed":true}},"setup_intent":"si",)"
    R"("subscription":"su","recovered_from":"cs_0","after_expiration":{"recovery":{"url":"u",)"
    R"("expires_at":6}},"line_items":{"data":[{"id":"li"}],"has_more":true},"url":"u",)"
    R"("client_secret":"s"})";

} // namespace fuzz
