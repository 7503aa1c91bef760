#include "core/stripe_error.hpp"

#include "core/ascii.hpp"
#include "core/document_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stripe_return {
inline namespace v0 {

namespace {

// Of the calls that the library makes, and those that applications add to them.
constexpr std::string_view parameters[] = {"adaptive_pricing",
                                           "after_expiration",
                                           "allow_promotion_codes",
                                           "allowed_payment_method_types",
                                           "automatic_tax",
                                           "billing_address_collection",
                                           "branding_settings",
                                           "cancel_url",
                                           "client_reference_id",
                                           "consent_collection",
                                           "created",
                                           "currency",
                                           "custom_fields",
                                           "custom_text",
                                           "customer",
                                           "customer_creation",
                                           "customer_email",
                                           "customer_update",
                                           "discounts",
                                           "ending_before",
                                           "excluded_payment_method_types",
                                           "expand",
                                           "expires_at",
                                           "invoice_creation",
                                           "limit",
                                           "line_items",
                                           "locale",
                                           "managed_payments",
                                           "metadata",
                                           "mode",
                                           "name_collection",
                                           "optional_items",
                                           "origin_context",
                                           "payment_intent_data",
                                           "payment_method_collection",
                                           "payment_method_configuration",
                                           "payment_method_data",
                                           "payment_method_options",
                                           "payment_method_types",
                                           "permissions",
                                           "phone_number_collection",
                                           "redirect_on_completion",
                                           "return_url",
                                           "saved_payment_method_options",
                                           "session",
                                           "setup_intent_data",
                                           "shipping_address_collection",
                                           "shipping_options",
                                           "starting_after",
                                           "submit_type",
                                           "subscription_data",
                                           "success_url",
                                           "tax_id_collection",
                                           "types",
                                           "ui_mode",
                                           "wallet_options"};

// The one that `text` is a part of, such as line_items[0][price_data][currency] of line_items: a
// word of ours, so that nothing of what came is repeated.
std::string_view parameter_of(std::string_view text) noexcept {
  const auto* const known =
      std::find(std::begin(parameters), std::end(parameters), text.substr(0, text.find('[')));
  return known == std::end(parameters) ? std::string_view{} : *known;
}

} // namespace

stripe_error parse_stripe_error(std::string_view body) {
  constexpr std::size_t longest = 16 * 1024; // Stripe writes less than one
  error_body read;
  document_reader reader(body.substr(0, longest));
  if (!reader.read(place::error_body, &read) && body.size() <= longest) return {};
  stripe_error parsed;
  if (is_machine_word(read.code)) parsed.code = std::move(read.code);
  parsed.param = parameter_of(read.param);
  parsed.idempotency_error = read.type == "idempotency_error";
  // Stripe has no code for it: the message is the only place that tells.
  parsed.other_mode = read.message.find("exists in test mode") != std::string::npos ||
                      read.message.find("exists in live mode") != std::string::npos;
  return parsed;
}

bool is_machine_word(std::string_view text) noexcept {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '_' || c == '-';
         });
}

} // namespace v0
} // namespace stripe_return
