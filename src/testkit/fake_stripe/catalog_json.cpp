// Fields and nulls: https://docs.stripe.com/api/products/object,
// https://docs.stripe.com/api/prices/object and https://docs.stripe.com/api/customers/object

#include "testkit/fake_stripe/json_parts.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

using nlohmann::json;

json product_json(const product& product) {
  return {{"id", product.id},
          {"object", "product"},
          {"active", product.active},
          {"created", product.created},
          {"default_price", nullptr},
          {"description", or_null(product.description)},
          {"images", product.images},
          {"livemode", false},
          {"marketing_features", json::array()},
          {"metadata", product.metadata},
          {"name", product.name},
          {"package_dimensions", nullptr},
          {"shippable", nullptr},
          {"statement_descriptor", nullptr},
          {"tax_code", nullptr},
          {"tax_details", nullptr},
          {"type", "service"},
          {"unit_label", nullptr},
          {"updated", product.created},
          {"url", nullptr}};
}

json price_json(const price& price) {
  json recurring = nullptr;
  if (price.interval) {
    recurring = {{"interval", *price.interval},
                 {"interval_count", 1},
                 {"meter", nullptr},
                 {"trial_period_days", nullptr},
                 {"usage_type", "licensed"}};
  }
  return {{"id", price.id},
          {"object", "price"},
          {"active", price.active},
          {"billing_scheme", "per_unit"},
          {"created", price.created},
          {"currency", price.currency},
          {"custom_unit_amount", nullptr},
          {"livemode", false},
          {"lookup_key", or_null(price.lookup_key)},
          {"metadata", price.metadata},
          {"nickname", or_null(price.nickname)},
          {"product", price.product_id},
          {"recurring", std::move(recurring)},
          {"tax_behavior", "unspecified"},
          {"tiers_mode", nullptr},
          {"transform_quantity", nullptr},
          {"type", price.interval ? "recurring" : "one_time"},
          {"unit_amount", price.unit_amount},
          {"unit_amount_decimal", std::to_string(price.unit_amount)}};
}

json customer_json(const customer& customer) {
  return {{"id", customer.id},
          {"object", "customer"},
          {"address", nullptr},
          {"balance", 0},
          {"created", customer.created},
          {"currency", nullptr},
          {"default_source", nullptr},
          {"delinquent", false},
          {"description", or_null(customer.description)},
          {"discount", nullptr},
          {"email", or_null(customer.email)},
          {"invoice_prefix", "FAKE"},
          {"invoice_settings",
           {{"custom_fields", nullptr},
            {"default_payment_method", nullptr},
            {"footer", nullptr},
            {"rendering_options", nullptr}}},
          {"livemode", false},
          {"metadata", customer.metadata},
          {"name", or_null(customer.name)},
          {"phone", nullptr},
          {"preferred_locales", json::array()},
          {"shipping", nullptr},
          {"tax_exempt", "none"},
          {"test_clock", nullptr}};
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
