// What must never be seen, and a search for it in all forms that text takes on its way.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace canary {

inline const std::string secret_key = "sk_test_51Qz7Kd2WmYp9LxV4tRb";
inline const std::string webhook_secret = "whsec_Hn3Vc8TzJq5XsG6wPfKd";
inline const std::string client_secret = "cs_test_a1_secret_Bv6Ty1RkMz8QnS3h";
inline const std::string intent_secret = "pi_1_secret_Wc5Lf9DgXj2ZpN7u";
inline const std::string page = "https://checkout.stripe.com/c/pay/cs_test_a1#fidTm4Hs8VbKq1YxC6w";
inline const std::string email = "Rx8Gn2JvPd5LzW7k+tea@mail.example";
inline const std::string name = "Zo\u00eb Ks3Mf7TbHy9QcV4j";
inline const std::string phone = "+49 930771355028";
inline const std::string street = "Nq6Zw1XpRd8GtB5m 7";
inline const std::string note = "Yk2Cv9SjLh4FnP8x"; // what a shop wrote into the metadata

/// Each canary that `text` holds or that a piece of six characters is left of: as it is, in the
/// other case, percent-encoded, escaped as JSON or HTML, in base64 or as hexadecimal bytes, and one
/// inside the other. Empty: there is none.
std::vector<std::string> leaks_in(std::string_view text);

/// What Stripe sends, with a canary wherever a secret or a customer may stand. Lists and events are
/// gone through; an error repeats the key, as Stripe's do.
nlohmann::json planted(nlohmann::json stripes);

/// The same for a body, where it is JSON.
std::string planted_text(const std::string& body);

/// Fails where there is one in `text`; `where` says what was looked at.
void expect_none(std::string_view text, const std::string& where);

} // namespace canary
