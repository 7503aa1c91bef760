#include "canaries.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <set>
#include <utility>

namespace canary {
namespace {

using nlohmann::json;

// The part of each canary that nobody else writes.
struct mark {
  const char* what;
  std::string text;
};

const std::vector<mark>& marks() {
  static const std::vector<mark> all = {
      {"the secret key", "Qz7Kd2WmYp9LxV4tRb"},  {"the webhook secret", "Hn3Vc8TzJq5XsG6wPfKd"},
      {"the client secret", "Bv6Ty1RkMz8QnS3h"}, {"the intent's secret", "Wc5Lf9DgXj2ZpN7u"},
      {"the page's URL", "Tm4Hs8VbKq1YxC6w"},    {"the e-mail", "Rx8Gn2JvPd5LzW7k"},
      {"the name", "Ks3Mf7TbHy9QcV4j"},          {"the phone number", "930771355028"},
      {"the address", "Nq6Zw1XpRd8GtB5m"},       {"the note", "Yk2Cv9SjLh4FnP8x"}};
  return all;
}

constexpr std::size_t shortest_piece = 6;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::optional<unsigned> hex(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

// Replaces PREFIX and so many hexadecimal digits by the byte that they stand for.
std::string without_escapes(std::string_view text, std::string_view prefix, std::size_t digits) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, prefix.size(), prefix) == 0 && i + prefix.size() + digits <= text.size()) {
      const auto value = hex(text.substr(i + prefix.size(), digits));
      if (value && *value < 256) {
        plain += static_cast<char>(*value);
        i += prefix.size() + digits - 1;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

// All hexadecimal digits that follow each other, whatever little stands between two bytes, as
// bytes. GoogleTest prints what it cannot print in this way.
std::string hexadecimal_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 2 <= text.size();) {
    const auto value = hex(text.substr(i, 2));
    if (value) bytes += static_cast<char>(*value);
    i += value ? 2 : 1;
  }
  return bytes;
}

std::string base64(std::string_view bytes, const char* last_two) {
  const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + std::string(last_two);
  std::string text;
  for (std::size_t i = 0; i + 3 <= bytes.size(); i += 3) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned char>(bytes[i + n]); };
    const unsigned three = at(0) * 65536u + at(1) * 256u + at(2);
    for (const int shift : {18, 12, 6, 0})
      text += digits[(three >> shift) % 64];
  }
  return text;
}

// What stands in base64 wherever `bytes` does, at each of the three places in a group.
std::vector<std::string> in_base64(std::string_view bytes) {
  std::vector<std::string> texts;
  for (std::size_t skipped = 0; skipped != 3; ++skipped) {
    for (const char* last_two : {"+/", "-_"})
      texts.push_back(base64(bytes.substr(skipped), last_two));
  }
  return texts;
}

// The text, and what the decoders make of it and of each other's work.
std::set<std::string> readings_of(std::string_view text) {
  std::set<std::string> readings = {std::string(text)};
  for (int round = 0; round != 2; ++round) {
    for (const std::string& each : std::set<std::string>(readings)) {
      readings.insert(without_escapes(each, "%", 2));
      readings.insert(without_escapes(each, "\\u", 4));
      readings.insert(without_escapes(each, "\\x", 2));
      readings.insert(without_escapes(each, "&#x", 2));
    }
  }
  readings.insert(hexadecimal_bytes(text));
  return readings;
}

} // namespace

std::vector<std::string> leaks_in(std::string_view text) {
  std::vector<std::string> leaks;
  for (const std::string& reading : readings_of(text)) {
    const std::string lower = lower_case(reading);
    for (const mark& each : marks()) {
      bool found = false;
      for (std::size_t i = 0; i + shortest_piece <= each.text.size(); ++i)
        found = found || lower.find(lower_case(each.text.substr(i, shortest_piece))) != lower.npos;
      for (const std::string& encoded : in_base64(each.text))
        found = found || reading.find(encoded) != reading.npos;
      if (found && std::find(leaks.begin(), leaks.end(), each.what) == leaks.end())
        leaks.emplace_back(each.what);
    }
  }
  return leaks;
}

json planted(json stripes) {
  if (stripes.is_array()) {
    for (json& each : stripes)
      each = planted(std::move(each));
    return stripes;
  }
  if (!stripes.is_object()) return stripes;
  for (const char* part : {"data", "object", "payment_intent", "latest_charge"}) {
    if (stripes.contains(part)) stripes[part] = planted(std::move(stripes[part]));
  }
  const json address = {{"city", street},  {"country", "DE"},       {"line1", street},
                        {"line2", street}, {"postal_code", street}, {"state", street}};
  const json person = {{"address", address},
                       {"email", email},
                       {"name", name},
                       {"phone", phone},
                       {"tax_ids", {note}}};
  if (stripes.contains("payment_status")) {
    stripes["client_secret"] = client_secret;
    stripes["collected_information"] = {{"shipping_details", person}};
    stripes["customer"] = {{"id", "cus_" + note}, {"email", email}};
    stripes["customer_details"] = person;
    stripes["customer_email"] = email;
    stripes["shipping_details"] = person;
    stripes["cancel_url"] = page;
    stripes["success_url"] = page;
    stripes["url"] = page;
    if (stripes.contains("metadata") && stripes["metadata"].is_object())
      stripes["metadata"][note] = note;
  }
  if (stripes.value("object", json()) == "payment_intent") {
    stripes["client_secret"] = intent_secret;
    stripes["receipt_email"] = email;
    stripes["shipping"] = person;
  }
  if (stripes.value("object", json()) == "charge") {
    stripes["billing_details"] = person;
    stripes["receipt_url"] = page;
  }
  if (stripes.contains("error") && stripes["error"].is_object()) {
    stripes["error"]["message"] = "Invalid API Key provided: " + secret_key + ", for " + email;
    stripes["error"]["param"] = note;
    stripes["error"]["request_log_url"] = page;
  }
  return stripes;
}

std::string planted_text(const std::string& body) {
  const json read = json::parse(body, nullptr, false);
  return read.is_discarded() ? body + page + email : planted(read).dump();
}

void expect_none(std::string_view text, const std::string& where) {
  EXPECT_THAT(leaks_in(text), testing::IsEmpty()) << where << " says\n" << text;
}

} // namespace canary
