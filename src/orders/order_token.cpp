#include "orders/order_token.hpp"

#include "client/form.hpp"
#include "core/ascii.hpp"
#include "webhook/hmac.hpp"

namespace stripe_return {
inline namespace v0 {
namespace {

// What is signed is no webhook and no other text.
constexpr std::string_view purpose = "stripe_return order_token ";

std::optional<std::string> signature_of(const secret& key, std::string_view out_trade_no) {
  const std::optional<mac> signature = hmac_sha256().of(key, purpose, out_trade_no);
  if (!signature) return std::nullopt;
  std::string text;
  for (const unsigned char each : *signature)
    append_hex(text, each);
  return text;
}

// Takes as long whether they are equal or not.
bool equal(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i != a.size(); ++i)
    difference |=
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
  return difference == 0;
}

} // namespace

std::optional<std::string> make_order_token(const secret& key, std::string_view out_trade_no) {
  if (key.empty()) return std::nullopt;
  std::optional<std::string> token = signature_of(key, out_trade_no);
  if (token) token->append(".").append(out_trade_no);
  return token;
}

std::optional<std::string> read_order_token(const secret& key, std::string_view token) {
  const std::size_t dot = token.find('.');
  if (key.empty() || dot == std::string_view::npos) return std::nullopt;
  const std::string_view out_trade_no = token.substr(dot + 1);
  const std::optional<std::string> genuine = signature_of(key, out_trade_no);
  if (!genuine || !equal(*genuine, token.substr(0, dot))) return std::nullopt;
  return std::string(out_trade_no);
}

std::string with_parameter(std::string_view url, std::string_view name, std::string_view value) {
  const std::size_t fragment = std::min(url.find('#'), url.size());
  std::string longer(url.substr(0, fragment));
  longer += longer.find('?') == std::string::npos ? '?' : '&';
  longer.append(name).append("=").append(percent_encoded(value)).append(url.substr(fragment));
  return longer;
}

} // namespace v0
} // namespace stripe_return
