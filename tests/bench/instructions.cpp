// Does one thing COUNT times, for the script `instructions` to count by valgrind.
//
// usage: instructions decode|accept|verify|hmac_accept COUNT FILE
//        instructions minify|event FILE

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/decide.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sr = stripe_return;
using nlohmann::json;

constexpr sr::unix_seconds signed_at = 1774256446;
const std::string secret = "whsec_0123456789abcdefghijklmnopqrstuv";

std::string content(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string event_about(const std::string& session) {
  const json event = {{"id", "evt_1TE4L6GLfJRXFUwH0xPlsxYW"},
                      {"object", "event"},
                      {"api_version", "2026-09-30.endive"},
                      {"created", signed_at},
                      {"data", {{"object", json::parse(session)}}},
                      {"livemode", false},
                      {"pending_webhooks", 1},
                      {"request", {{"id", nullptr}, {"idempotency_key", nullptr}}},
                      {"type", "checkout.session.completed"}};
  return event.dump();
}

bool accept(const std::string& text) {
  return json::accept(text.data(), text.data() + text.size());
}

using mac = std::array<unsigned char, 32>;

// HMAC by OpenSSL as fast as it goes: looking the algorithm up takes longer than hashing an event.
class bare_hmac {
public:
  bare_hmac()
      : algorithm_(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), &EVP_MAC_free),
        context_(EVP_MAC_CTX_new(algorithm_.get()), &EVP_MAC_CTX_free) {}

  mac of(std::string_view text) const {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    const std::string time = std::to_string(signed_at) + ".";
    mac result{};
    std::size_t size = 0;
    EVP_MAC_init(context_.get(), bytes(secret), secret.size(), parameters);
    EVP_MAC_update(context_.get(), bytes(time), time.size());
    EVP_MAC_update(context_.get(), bytes(text), text.size());
    EVP_MAC_final(context_.get(), result.data(), &size, result.size());
    return result;
  }

private:
  static const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm_;
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context_;
};

std::string header_of(const mac& signature) {
  std::string header = "t=" + std::to_string(signed_at) + ",v1=";
  for (const unsigned char byte : signature) {
    header += "0123456789abcdef"[byte / 16];
    header += "0123456789abcdef"[byte % 16];
  }
  return header;
}

// What is counted, over the text of FILE. False when it fails.
using task = std::function<bool()>;

task task_of(const std::string& what, const std::string& text) {
  if (what == "decode") return [&] { return sr::parse_checkout_session(text).has_value(); };
  if (what == "accept") return [&] { return accept(text); };
  const auto hmac = std::make_shared<bare_hmac>();
  if (what == "hmac_accept") {
    return [&text, hmac, expected = hmac->of(text)] {
      return hmac->of(text) == expected && accept(text);
    };
  }
  if (what != "verify") return {};
  const auto verifier = std::make_shared<sr::webhook_verifier>(
      std::vector<sr::endpoint_secret>{{"current", secret}}, sr::livemode::test);
  return [&text, verifier, header = header_of(hmac->of(text))] {
    const auto event = verifier->verify(text, header, signed_at);
    return event && decide_unchecked(*observation_of(*event)).state() == sr::order_state::paid;
  };
}

} // namespace

int main(int count, char** arguments) {
  const std::string what = count > 1 ? arguments[1] : "";
  if ((what == "minify" || what == "event") && count == 3) {
    const std::string session = content(arguments[2]);
    std::fputs((what == "event" ? event_about(session) : json::parse(session).dump()).c_str(),
               stdout);
    return 0;
  }
  const std::string text = count == 4 ? content(arguments[3]) : "";
  const task once = count == 4 ? task_of(what, text) : task();
  if (!once) {
    std::fputs("usage: instructions decode|accept|verify|hmac_accept COUNT FILE\n"
               "       instructions minify|event FILE\n",
               stderr);
    return 2;
  }
  bool succeeded = true;
  for (long left = std::strtol(arguments[2], nullptr, 10); left > 0; --left)
    succeeded = once() && succeeded;
  return succeeded ? 0 : 1;
}
