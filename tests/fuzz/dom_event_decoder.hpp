#pragma once

#include "dom_decoder.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

// A second decoder of events, for comparison: it builds the whole tree, and hands the session in it
// to the second decoder of sessions.
namespace fuzz {

struct dom_event_reading {
  // What data.object says it is.
  enum class about { nothing, session, unsaid, other };

  std::string id;
  std::string type;
  std::string account;
  std::string context;
  std::optional<stripe_return::unix_seconds> created;
  std::optional<bool> livemode;
  about object = about::nothing;
  dom_reading session;             // of what is there, unless it is another object
  bool repeated_in_object = false; // a key of the session, if it is one
  std::set<error_code> faults;     // outside of data.object
  bool complete = false;           // the tree holds all of the text
};

class dom_event_decoder {
public:
  static dom_event_reading decode(std::string_view text) {
    dom_event_reading read;
    repeated_key_detector repeated(event_shape());
    if (text.find('\0') != std::string_view::npos) {
      read.faults.insert(error_code::not_json);
      return read;
    }
    try {
      const json event =
          json::parse(text.begin(), text.end(), [&](int, json::parse_event_t parsed, json& value) {
            repeated(parsed, value);
            return true;
          });
      decode(event, read);
      read.complete = !repeated.found();
    } catch (const json::parse_error&) {
      read.faults.insert(error_code::not_json);
    } catch (const json::out_of_range&) {
      read.faults.insert(error_code::number_out_of_range);
    }
    if (repeated.found_up_to(1)) read.faults.insert(error_code::repeated_key);
    read.repeated_in_object = repeated.found_from(2);
    return read;
  }

private:
  using json = nlohmann::json;
  using about = dom_event_reading::about;

  static void decode(const json& event, dom_event_reading& read) {
    if (!event.is_object()) {
      read.faults.insert(error_code::wrong_object);
      return;
    }
    const auto text = [&](const char* key) {
      const json value = event.value(key, json());
      if (value.is_string()) return value.get<std::string>();
      if (!value.is_null()) read.faults.insert(error_code::unexpected_type);
      return std::string();
    };
    const std::string object = text("object");
    if (object != "event") {
      read.faults.insert(object == "v2.core.event" ? error_code::thin_event
                                                   : error_code::not_an_event);
    }
    read.id = text("id");
    read.type = text("type");
    read.account = text("account");
    read.context = text("context");
    const json livemode = event.value("livemode", json());
    if (livemode.is_boolean()) read.livemode = livemode.get<bool>();
    if (!livemode.is_boolean() && !livemode.is_null()) {
      read.faults.insert(error_code::unexpected_type);
    }
    created(event.value("created", json()), read);
    data(event.value("data", json()), read);
  }

  // Thin events, which are refused by their name, have it as text.
  static void created(const json& value, dom_event_reading& read) {
    if (value.is_null() || value.is_string()) return;
    const json session = {{"created", value}};
    const dom_reading as_in_a_session = dom_decoder::decode(session.dump());
    read.created = as_in_a_session.session.created;
    read.faults.insert(as_in_a_session.faults.begin(), as_in_a_session.faults.end());
  }

  static void data(const json& value, dom_event_reading& read) {
    if (value.is_null()) return;
    json object = value.is_object() ? value.value("object", json()) : value;
    if (!value.is_object() || !(object.is_object() || object.is_null())) {
      read.faults.insert(error_code::unexpected_type);
    } else if (object.is_object()) {
      const json word = object.value("object", json());
      read.object = word == "checkout.session" ? about::session
                    : word.is_string()         ? about::other
                                               : about::unsaid;
      if (read.object == about::other) object.erase("object");
      read.session = dom_decoder::decode(object.dump());
    }
  }
};

} // namespace fuzz
