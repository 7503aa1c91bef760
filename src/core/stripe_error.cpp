#include "core/stripe_error.hpp"

#include "core/document_reader.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {

stripe_error parse_stripe_error(std::string_view body) {
  constexpr std::size_t longest = 16 * 1024; // Stripe writes less than one
  error_body read;
  document_reader reader(body.substr(0, longest));
  if (!reader.read(place::error_body, &read) && body.size() <= longest) return {};
  stripe_error parsed;
  if (is_machine_word(read.code)) parsed.code = std::move(read.code);
  parsed.idempotency_error = read.type == "idempotency_error";
  // Stripe has no code for it: the message is the only place that tells.
  parsed.other_mode = read.message.find("exists in test mode") != std::string::npos ||
                      read.message.find("exists in live mode") != std::string::npos;
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
