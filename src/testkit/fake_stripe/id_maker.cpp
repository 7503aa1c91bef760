#include "testkit/fake_stripe/id_maker.hpp"

#include <algorithm>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

std::string id_maker::random(std::size_t length) {
  static constexpr std::string_view characters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text(length, '0');
  for (char& each : text)
    each = characters[random_() % characters.size()];
  return text;
}

std::string id_maker::checkout_session() {
  return "cs_test_a1" + random(56);
}

std::string id_maker::payment_intent() {
  return "pi_3" + random(23);
}

std::string id_maker::charge() {
  return "ch_3" + random(23);
}

std::string id_maker::customer() {
  return "cus_" + random(14);
}

std::string id_maker::dispute() {
  return "dp_1" + random(23);
}

std::string id_maker::event() {
  return "evt_1" + random(23);
}

std::string id_maker::thin_event(const std::string& event_id) {
  return "evt_2" + event_id.substr(std::min<std::size_t>(event_id.size(), 5));
}

std::string id_maker::snapshot_event(const std::string& thin_id) {
  return "evt_1" + thin_id.substr(std::min<std::size_t>(thin_id.size(), 5));
}

std::string id_maker::invoice() {
  return "in_1" + random(23);
}

std::string id_maker::line_item() {
  return "li_1" + random(23);
}

std::string id_maker::payment_method() {
  return "pm_1" + random(23);
}

std::string id_maker::price() {
  return "price_1" + random(23);
}

std::string id_maker::product() {
  return "prod_" + random(14);
}

std::string id_maker::refund() {
  return "re_3" + random(23);
}

std::string id_maker::request() {
  return "req_" + random(14);
}

std::string id_maker::setup_intent() {
  return "seti_1" + random(23);
}

std::string id_maker::subscription() {
  return "sub_1" + random(23);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
