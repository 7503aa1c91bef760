#pragma once

#include "dom_decoder.hpp"
#include "members.hpp"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <optional>
#include <set>
#include <string>
#include <string_view>

// A second decoder of events, for comparison: it takes the event apart by its structure, gives each
// value to nlohmann, and the session in it to the second decoder of sessions.
namespace fuzz {

struct dom_event_reading {
  bool is_event = false;
  bool thin = false;
  std::string id;
  std::string type;
  std::string account;
  std::string context;
  std::string snapshot_event;
  std::optional<stripe_return::unix_seconds> created;
  std::optional<stripe_return::livemode> livemode;
  std::string session_id;
  std::string payment_intent;
  std::optional<stripe_return::checkout_session> session;
  bool about_session = false;
  bool unreadable = false;
  std::set<error_code> faults; // of the event around the session
};

class dom_event_decoder : private dom_values {
public:
  static dom_event_reading decode(std::string_view text) {
    dom_event_decoder decoder;
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    decoder.event(text);
    decoder.read_.faults = decoder.faults;
    return decoder.read_;
  }

private:
  void event(std::string_view text) {
    const members event = members::of(text, {"data", "related_object"});
    if (!event.whole) {
      fault(error_code::not_json);
      if (event.all.empty()) { // it may be no object at all
        fault(error_code::wrong_object);
        fault(error_code::number_out_of_range);
      }
    }
    for (const member& each : event_shape().members) {
      if (event.count(each.key) > 1) fault(error_code::repeated_key);
    }
    for (const auto& [key, value] : event.all) {
      if (event_shape().find(key) == nullptr || inside(key, value)) continue;
      if (scalar(value).is_discarded()) fault(error_code::not_json); // or out of range, said there
    }
    const auto get = [&](const char* key) {
      const json value = scalar(event.value(key));
      return value.is_discarded() ? json() : value;
    };
    const std::string word = this->text(get("object"));
    read_.thin = word == "v2.core.event";
    read_.is_event = read_.thin || word == "event";
    read_.id = this->text(get("id"));
    read_.type = this->text(get("type"));
    read_.account = this->text(get("account"));
    read_.context = this->text(get("context"));
    if (const auto live = boolean(get("livemode")))
      read_.livemode = *live ? stripe_return::livemode::live : stripe_return::livemode::test;
    created(get("created"));
    read_.snapshot_event = event.text("snapshot_event");
    if (read_.thin && read_.type.rfind("v1.", 0) == 0) read_.type.erase(0, 3);
    const members data = entered(event, "data");
    const members related = entered(event, "related_object");
    about(data.value("object"), related);
    for (std::string* id : {&read_.payment_intent, &read_.snapshot_event})
      if (!is_id(*id)) id->clear();
    read_.unreadable = !faults.empty() || (read_.about_session && !read_.session &&
                                           !(read_.thin && !read_.session_id.empty()));
  }

  static bool is_id(const std::string& text) {
    return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
             return c == '_' || (c < 0x80 && std::isalnum(c) != 0);
           });
  }

  // Whether it is read as an object is.
  static bool inside(const std::string& key, std::string_view value) {
    return (key == "data" || key == "related_object") && value[0] == '{';
  }

  // Of an object or a list only that it is one.
  json scalar(std::string_view value) {
    if (value[0] == '{') return json::object();
    if (value[0] == '[') return json::array();
    if (value[0] == '\xEF') return json::value_t::discarded;
    try {
      return json::parse(value);
    } catch (const json::out_of_range&) {
      fault(error_code::number_out_of_range);
    } catch (const json::parse_error&) {
      fault(error_code::not_json);
    }
    return json::value_t::discarded;
  }

  members entered(const members& event, const std::string& key) {
    if (!inside(key, event.value(key))) return {};
    const members read = members::of(event.value(key));
    if (!read.whole) fault(error_code::not_json);
    for (const char* known : {"object", "id", "type"}) {
      if (known == std::string("object") ? key == "data" : key != "data") {
        if (read.count(known) > 1) fault(error_code::repeated_key);
        for (const auto& [name, value] : read.all)
          if (name == known && scalar(value).is_discarded()) fault(error_code::not_json);
      }
    }
    return read;
  }

  void created(const json& value) {
    if (!value.is_string()) {
      const auto seconds = time(value);
      if (seconds && *seconds > 0 && *seconds <= 253402300799) read_.created = seconds;
      return;
    }
    read_.created = date_time(value.get<std::string>());
    if (!read_.created) fault(error_code::unexpected_type);
  }

  // A digit for each d, a letter in either case.
  static bool has_form(std::string_view text, std::string_view form) {
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char wanted) {
      return wanted == 'd'
                 ? c >= '0' && c <= '9'
                 : c == wanted || (std::isupper(wanted) != 0 && c == std::tolower(wanted));
    });
  }

  static std::optional<stripe_return::unix_seconds> date_time(const std::string& text) {
    constexpr std::string_view date = "dddd-dd-ddTdd:dd:dd";
    if (text.size() < date.size() || !has_form(text.substr(0, date.size()), date)) {
      return std::nullopt;
    }
    std::string zone_text = text.substr(date.size());
    if (zone_text[0] == '.') {
      const std::size_t digits = zone_text.find_first_not_of("0123456789", 1);
      if (digits == std::string::npos || digits == 1) return std::nullopt;
      zone_text.erase(0, digits);
    }
    const bool zone = has_form(zone_text, "+dd:dd") || has_form(zone_text, "-dd:dd");
    if (!zone && !has_form(zone_text, "Z")) return std::nullopt;
    const auto two = [](const std::string& from, std::size_t at) {
      return (from[at] - '0') * 10 + from[at + 1] - '0';
    };
    std::tm utc{};
    utc.tm_year = two(text, 0) * 100 + two(text, 2) - 1900;
    utc.tm_mon = two(text, 5) - 1;
    utc.tm_mday = two(text, 8);
    const std::tm asked = utc;
    const std::time_t midnight = timegm(&utc);
    if (utc.tm_mon != asked.tm_mon || utc.tm_mday != asked.tm_mday) return std::nullopt;
    const int hour = two(text, 11);
    const int minute = two(text, 14);
    const int second = two(text, 17);
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
    if (zone && (two(zone_text, 1) > 23 || two(zone_text, 4) > 59)) return std::nullopt;
    const int offset =
        zone ? (two(zone_text, 1) * 60 + two(zone_text, 4)) * (zone_text[0] == '-' ? -60 : 60) : 0;
    const std::time_t time = midnight + hour * 3600 + minute * 60 + second - offset;
    if (second == 60 && time % 86400 != 0) return std::nullopt;
    if (time < 0 || time > 253402300799) return std::nullopt;
    return time;
  }

  static bool well_formed(const std::string& session_id) {
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return session_id.size() > 3 && session_id.size() <= 255 && session_id.rfind("cs_", 0) == 0 &&
           session_id.find_first_not_of(allowed) == std::string::npos &&
           session_id.find("_secret_") == std::string::npos &&
           session_id.find("CHECKOUT_SESSION_ID") == std::string::npos;
  }

  void about(std::string_view object, const members& related) {
    const auto is = [&](const char* type) { return read_.is_event && read_.type == type; };
    const bool payment_intent = is("payment_intent.succeeded") || is("payment_intent.canceled") ||
                                is("payment_intent.amount_capturable_updated");
    const bool charge = is("charge.refunded") || is("charge.dispute.created");
    read_.about_session = is("checkout.session.completed") || is("checkout.session.expired") ||
                          is("checkout.session.async_payment_succeeded") ||
                          is("checkout.session.async_payment_failed");
    const bool there = object[0] == '{' && end_of_value(object, 0) == object.size();
    const members in_object = there ? members::of(object) : members();
    if (read_.about_session && read_.thin) {
      const std::string id = related.text("id");
      if (related.text("type") == "checkout.session" && well_formed(id)) read_.session_id = id;
    } else if (read_.about_session) {
      if (const std::string id = in_object.sole_text("id"); well_formed(id)) read_.session_id = id;
      if (there) session(object);
    } else if ((payment_intent || charge) && read_.thin) {
      if (related.text("type") == "payment_intent") read_.payment_intent = related.text("id");
    } else if (payment_intent) {
      read_.payment_intent = in_object.sole_text("id");
    } else if (charge && in_object.whole && in_object.count("payment_intent") == 1) {
      const std::string_view value = in_object.value("payment_intent");
      read_.payment_intent =
          value[0] == '{' ? members::of(value).sole_text("id") : in_object.text("payment_intent");
    }
  }

  void session(std::string_view object) {
    const dom_reading read = dom_decoder::decode(read_part::of(object, session_shape()));
    if (read.faults.empty() && read.session.object == "checkout.session" &&
        !read_.session_id.empty()) {
      read_.session = read.session;
    }
  }

  dom_event_reading read_;
};

} // namespace fuzz
