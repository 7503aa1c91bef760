#include "core/stripe_error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace {

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto at = object.find(key); // end() as well when this is no object
  const std::string* text = at == object.end() ? nullptr : at->get_ptr<const std::string*>();
  return text == nullptr ? std::string() : *text;
}

} // namespace

stripe_error parse_stripe_error(std::string_view body) {
  stripe_error parsed;
  const nlohmann::json document = nlohmann::json::parse(body, nullptr, false);
  const auto at = document.find("error");
  if (at == document.end()) return parsed;
  std::string code = text_of(*at, "code");
  if (is_machine_word(code)) parsed.code = std::move(code);
  parsed.idempotency_error = text_of(*at, "type") == "idempotency_error";
  // Stripe has no code for it: the message is the only place that tells.
  const std::string message = text_of(*at, "message");
  parsed.other_mode = message.find("exists in test mode") != std::string::npos ||
                      message.find("exists in live mode") != std::string::npos;
  return parsed;
}

bool is_machine_word(std::string_view text) noexcept {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

} // namespace v0
} // namespace stripe_return
