// Ids as Stripe makes them: a prefix, and letters and digits; the same ones from the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

class id_maker {
public:
  explicit id_maker(std::uint64_t seed) : random_(seed) {}

  std::string checkout_session(); // cs_test_ and 58 characters
  std::string payment_intent();
  std::string charge();
  std::string customer();
  std::string dispute();
  std::string event();
  // Of the same event, thin; and back.
  static std::string thin_event(const std::string& event_id);
  static std::string snapshot_event(const std::string& thin_id);
  std::string invoice();
  std::string line_item();
  std::string payment_method();
  std::string price();
  std::string product();
  std::string refund();
  std::string request();
  std::string setup_intent();
  std::string subscription();
  std::string random(std::size_t length);

private:
  std::mt19937_64 random_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
