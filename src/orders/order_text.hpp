// What is kept, as bytes that are the same where it is the same.
#pragma once

#include <stripe_return/orders/order_record.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

std::string to_text(const checkout_facts& facts);
std::string to_text(const payment_intent_facts& facts);
std::string to_text(const charge_facts& facts);
std::string to_text(const session_facts& facts);
std::string to_text(const order_record& order);

// Of what did not come by Stripe's JSON, which is never anything else.
bool is_utf8(std::string_view text);

} // namespace v0
} // namespace stripe_return
