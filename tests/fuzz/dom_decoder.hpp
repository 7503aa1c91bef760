#pragma once

#include "session_shape.hpp"

#include <stripe_return/core/checkout_session.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// A second decoder of Checkout Sessions, for comparison: it builds the whole tree, picks from it,
// and collects every fault instead of ending at the first.
namespace fuzz {

using stripe_return::error_code;

struct dom_reading {
  stripe_return::checkout_session session; // meaningless when there are faults
  std::set<error_code> faults;
  bool complete = false; // the tree holds all of the text, so no fault was missed
};

// A tree keeps one value of each key, so repeated keys are seen while it is built.
class repeated_key_detector {
public:
  explicit repeated_key_detector(const shape& root) : root_(root) {}

  bool found() const { return !depths_.empty(); }
  // In objects inside of at most, or at least, so many others.
  bool found_up_to(std::size_t depth) const { return found() && *depths_.begin() <= depth; }
  bool found_from(std::size_t depth) const { return found() && *depths_.rbegin() >= depth; }

  void operator()(nlohmann::json::parse_event_t event, const nlohmann::json& value) {
    using parse_event = nlohmann::json::parse_event_t;
    switch (event) {
    case parse_event::object_start: open_.push_back({inside(false), {}, nullptr, false}); break;
    case parse_event::array_start: open_.push_back({inside(true), {}, nullptr, true}); break;
    case parse_event::object_end:
    case parse_event::array_end: open_.pop_back(); break;
    case parse_event::key: see(value.get_ref<const std::string&>()); break;
    case parse_event::value: break;
    }
  }

private:
  struct level {
    const shape* where; // of this object, or of this list's elements; null where nothing is read
    std::set<std::string> seen;
    const member* current;
    bool list;
  };

  const shape* inside(bool list) const {
    if (open_.empty()) return list ? nullptr : &root_;
    const level& above = open_.back();
    if (above.list) return list ? nullptr : above.where;
    if (above.current == nullptr || (above.current->holds == kind::list) != list) return nullptr;
    return above.current->inside;
  }

  void see(const std::string& key) {
    level& here = open_.back();
    if (here.where == nullptr) return;
    here.current = here.where->find(key);
    if (here.current == nullptr && !here.where->any_key) return;
    if (!here.seen.insert(key).second) depths_.insert(open_.size() - 1);
  }

  const shape& root_;
  std::vector<level> open_;
  std::set<std::size_t> depths_;
};

class dom_decoder {
public:
  static dom_reading decode(std::string_view text) {
    dom_decoder decoder;
    repeated_key_detector repeated(session_shape());
    if (text.find('\0') != std::string_view::npos) { // the end of the text, to nlohmann
      decoder.fault(error_code::not_json);
      return decoder.reading_;
    }
    try {
      const auto document = nlohmann::json::parse(
          text.begin(), text.end(),
          [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
            repeated(event, value);
            return true;
          });
      decoder.session(document);
      decoder.reading_.complete = !repeated.found();
    } catch (const nlohmann::json::parse_error&) {
      decoder.fault(error_code::not_json);
    } catch (const nlohmann::json::out_of_range&) { // such as 1e999
      decoder.fault(error_code::number_out_of_range);
    }
    if (repeated.found()) decoder.fault(error_code::repeated_key);
    return std::move(decoder.reading_);
  }

private:
  using json = nlohmann::json;

  void fault(error_code code) { reading_.faults.insert(code); }

  // The member, or null, which stands for absent.
  static const json& at(const json& object, const char* key) {
    static const json null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
  }

  std::string text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_null()) fault(error_code::unexpected_type);
    return {};
  }

  std::optional<bool> boolean(const json& value) {
    if (value.is_boolean()) return value.get<bool>();
    if (!value.is_null()) fault(error_code::unexpected_type);
    return {};
  }

  std::optional<std::int64_t> integer(const json& value) {
    if (value.is_null()) return {};
    if (!value.is_number()) {
      fault(error_code::unexpected_type);
    } else if (value.is_number_float() ||
               (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)) {
      fault(error_code::number_out_of_range);
    } else {
      return value.get<std::int64_t>();
    }
    return {};
  }

  std::optional<stripe_return::unix_seconds> time(const json& value) {
    const auto seconds = integer(value);
    constexpr stripe_return::unix_seconds end_of_year_9999 = 253402300799;
    if (seconds && (*seconds < 0 || *seconds > end_of_year_9999)) {
      fault(error_code::number_out_of_range);
    }
    return seconds == 0 ? std::nullopt : seconds;
  }

  // Whether there is an object to read.
  bool object(const json& value) {
    if (!value.is_object() && !value.is_null()) fault(error_code::unexpected_type);
    return value.is_object();
  }

  std::string id_or_object(const json& value) {
    return value.is_object() ? text(at(value, "id")) : text(value);
  }

  void expect_object_word(const json& value, const char* word) {
    const std::string actual = text(value);
    if (!actual.empty() && actual != word) fault(error_code::wrong_object);
  }

  stripe_return::metadata metadata(const json& value) {
    std::vector<stripe_return::metadata::entry> entries;
    if (object(value)) {
      for (const auto& [key, element] : value.items())
        entries.emplace_back(key, text(element));
    }
    return stripe_return::metadata(entries);
  }

  std::optional<stripe_return::session_charge> charge(const json& value) {
    if (!value.is_object()) {
      text(value); // an id
      return std::nullopt;
    }
    const std::string object_word = text(at(value, "object"));
    stripe_return::session_charge charge;
    charge.amount_refunded = integer(at(value, "amount_refunded")).value_or(0);
    charge.disputed = boolean(at(value, "disputed")).value_or(false);
    if (object_word != "charge") return std::nullopt;
    return charge;
  }

  void payment_intent(const json& value) {
    stripe_return::session_payment_intent intent;
    intent.id = id_or_object(value);
    if (value.is_object()) {
      const std::string object_word = text(at(value, "object"));
      const std::string status = text(at(value, "status"));
      const auto entries = metadata(at(value, "metadata"));
      const auto charged = charge(at(value, "latest_charge"));
      if (object_word == "payment_intent" && !status.empty()) {
        intent.latest_charge = charged;
        intent.status = stripe_return::open_enum<stripe_return::payment_intent_status>(status);
        intent.metadata = entries;
      }
    }
    if (!intent.id.empty() || intent.expanded()) reading_.session.payment_intent = intent;
  }

  void currency_conversion(const json& value) {
    if (!object(value)) return;
    auto& conversion = reading_.session.currency_conversion.emplace();
    conversion.amount_subtotal = integer(at(value, "amount_subtotal"));
    conversion.amount_total = integer(at(value, "amount_total"));
    conversion.source_currency = text(at(value, "source_currency"));
  }

  void recovery(const json& after_expiration) {
    if (!object(after_expiration)) return;
    const json& value = at(after_expiration, "recovery");
    if (!object(value)) return;
    stripe_return::session_recovery recovery;
    recovery.url = text(at(value, "url"));
    recovery.expires_at = time(at(value, "expires_at"));
    if (!recovery.url.empty()) reading_.session.recovery = recovery;
  }

  stripe_return::line_item item(const json& value) {
    stripe_return::line_item read;
    if (!value.is_object()) {
      fault(error_code::unexpected_type);
      return read;
    }
    read.id = text(at(value, "id"));
    read.description = text(at(value, "description"));
    read.quantity = integer(at(value, "quantity"));
    read.amount_subtotal = integer(at(value, "amount_subtotal"));
    read.amount_total = integer(at(value, "amount_total"));
    read.currency = text(at(value, "currency"));
    const json& price = at(value, "price");
    read.price = id_or_object(price);
    if (price.is_object()) read.product = id_or_object(at(price, "product"));
    return read;
  }

  void line_items(const json& value) {
    if (!object(value)) return;
    auto& page = reading_.session.line_items.emplace();
    expect_object_word(at(value, "object"), "list");
    page.has_more = boolean(at(value, "has_more")).value_or(false);
    const json& data = at(value, "data");
    if (!data.is_array() && !data.is_null()) fault(error_code::unexpected_type);
    if (!data.is_array()) return;
    for (const json& element : data)
      page.data.push_back(item(element));
  }

  void session(const json& document) {
    if (!document.is_object()) return fault(error_code::wrong_object);
    auto& read = reading_.session;
    const auto get = [&](const char* key) -> const json& { return at(document, key); };
    expect_object_word(get("object"), "checkout.session");
    read.object = text(get("object"));
    read.id = text(get("id"));
    read.status = stripe_return::open_enum<stripe_return::session_status>(text(get("status")));
    read.payment_status = stripe_return::open_enum<stripe_return::session_payment_status>(
        text(get("payment_status")));
    read.mode = stripe_return::open_enum<stripe_return::session_mode>(text(get("mode")));
    read.livemode = boolean(get("livemode"));
    read.created = time(get("created"));
    read.expires_at = time(get("expires_at"));
    read.amount_subtotal = integer(get("amount_subtotal"));
    read.amount_total = integer(get("amount_total"));
    read.currency = text(get("currency"));
    currency_conversion(get("currency_conversion"));
    read.client_reference_id = text(get("client_reference_id"));
    read.metadata = metadata(get("metadata"));
    payment_intent(get("payment_intent"));
    read.setup_intent = id_or_object(get("setup_intent"));
    read.subscription = id_or_object(get("subscription"));
    read.recovered_from = text(get("recovered_from"));
    recovery(get("after_expiration"));
    line_items(get("line_items"));
    read.url = text(get("url"));
    read.client_secret = text(get("client_secret"));
  }

  dom_reading reading_;
};

} // namespace fuzz
