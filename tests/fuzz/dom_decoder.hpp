#pragma once

#include "repeated_keys.hpp"
#include "session_shape.hpp"

#include <stripe_return/core/checkout_session.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// A second decoder of Checkout Sessions, for comparison: it builds the whole tree, picks from it,
// and collects every fault instead of ending at the first.
namespace fuzz {

struct dom_reading {
  stripe_return::checkout_session session; // meaningless when there are faults
  std::set<error_code> faults;
  bool complete = false; // the tree holds all of the text, so no fault was missed
};

class dom_decoder : private dom_values {
public:
  static dom_reading decode(std::string_view text) {
    dom_decoder decoder;
    repeated_key_detector repeated(session_shape());
    if (text.find('\0') != std::string_view::npos) { // the end of the text, to nlohmann
      decoder.fault(error_code::not_json);
      return decoder.result();
    }
    try {
      const auto document =
          json::parse(text.begin(), text.end(), [&](int, json::parse_event_t event, json& value) {
            repeated(event, value);
            return true;
          });
      decoder.session(document);
      decoder.reading_.complete = !repeated.found();
    } catch (const json::parse_error&) {
      decoder.fault(error_code::not_json);
    } catch (const json::out_of_range&) { // such as 1e999
      decoder.fault(error_code::number_out_of_range);
    }
    if (repeated.found()) decoder.fault(error_code::repeated_key);
    return decoder.result();
  }

private:
  dom_reading result() {
    reading_.faults = faults;
    return std::move(reading_);
  }

  template <class T> void fields(const shape& of, const json& object, T& into) {
    for (const member& each : of.members) {
      if (each.field.pick != nullptr) {
        each.field.pick(*this, each.holds, at(object, each.key), &into);
      }
    }
  }

  // Whether there is an object to read.
  bool object(const json& value) {
    if (!value.is_object() && !value.is_null()) fault(error_code::unexpected_type);
    return value.is_object();
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
    stripe_return::session_charge charge;
    fields(payment_intent_shape().inside("latest_charge"), value, charge);
    if (text(at(value, "object")) != "charge") return std::nullopt;
    return charge;
  }

  void payment_intent(const json& value) {
    stripe_return::session_payment_intent intent;
    if (value.is_object()) {
      fields(payment_intent_shape(), value, intent);
      intent.metadata = metadata(at(value, "metadata"));
      intent.latest_charge = charge(at(value, "latest_charge"));
      if (text(at(value, "object")) != "payment_intent" || !intent.expanded()) {
        stripe_return::session_payment_intent only_id;
        only_id.id = intent.id;
        intent = only_id;
      }
    } else {
      intent.id = text(value);
    }
    if (!intent.id.empty() || intent.expanded()) reading_.session.payment_intent = intent;
  }

  void currency_conversion(const json& value) {
    if (!object(value)) return;
    fields(session_shape().inside("currency_conversion"), value,
           reading_.session.currency_conversion.emplace());
  }

  void recovery(const json& after_expiration) {
    if (!object(after_expiration)) return;
    const json& value = at(after_expiration, "recovery");
    if (!object(value)) return;
    stripe_return::session_recovery recovery;
    fields(session_shape().inside("after_expiration").inside("recovery"), value, recovery);
    if (!recovery.url.empty()) reading_.session.recovery = recovery;
  }

  stripe_return::line_item item(const json& value) {
    stripe_return::line_item read;
    if (!value.is_object()) {
      fault(error_code::unexpected_type);
      return read;
    }
    fields(line_item_shape(), value, read);
    const json& price = at(value, "price");
    if (price.is_object()) fields(line_item_shape().inside("price"), price, read);
    return read;
  }

  void line_items(const json& value) {
    if (!object(value)) return;
    auto& page = reading_.session.line_items.emplace();
    fields(session_shape().inside("line_items"), value, page);
    expect_object_word(at(value, "object"), "list");
    const json& data = at(value, "data");
    if (!data.is_array() && !data.is_null()) fault(error_code::unexpected_type);
    if (!data.is_array()) return;
    for (const json& element : data)
      page.data.push_back(item(element));
  }

  void session(const json& document) {
    if (!document.is_object()) return fault(error_code::wrong_object);
    fields(session_shape(), document, reading_.session);
    const auto get = [&](const char* key) -> const json& { return at(document, key); };
    expect_object_word(get("object"), "checkout.session");
    currency_conversion(get("currency_conversion"));
    reading_.session.metadata = metadata(get("metadata"));
    payment_intent(get("payment_intent"));
    recovery(get("after_expiration"));
    line_items(get("line_items"));
  }

  dom_reading reading_;
};

} // namespace fuzz
