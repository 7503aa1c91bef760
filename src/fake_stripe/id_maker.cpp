#include "fake_stripe/id_maker.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {

// So many bits that two servers make different ids, and no id ever comes twice.
id_maker::id_maker() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  random_.seed(seed);
}

std::string id_maker::random(std::size_t length) {
  static constexpr std::string_view characters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::uniform_int_distribution<std::size_t> any(0, characters.size() - 1);
  std::string text;
  while (text.size() < length)
    text += characters[any(random_)];
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

std::string id_maker::event() {
  return "evt_1" + random(23);
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

std::string id_maker::request() {
  return "req_" + random(14);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
