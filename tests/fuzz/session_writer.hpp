#pragma once

#include "byte_source.hpp"
#include "session_shape.hpp"

#include <nlohmann/json.hpp>

#include <string>

// Writes the JSON text of a Checkout Session as the bytes say: mostly what Stripe documents, now
// and then another type, an unknown key, a key twice. Random text is hardly ever JSON, so that
// without this the fuzzer would spend its time on the syntax.
namespace fuzz {

class session_writer {
public:
  explicit session_writer(byte_source& choices) : choices_(choices) {}

  std::string write() {
    object(&session_shape(), 0);
    return std::move(text_);
  }

private:
  void object(const shape* where, int depth) {
    text_ += '{';
    const std::size_t count = choices_.below(where != nullptr && depth == 0 ? 24 : 6);
    for (std::size_t i = 0; i != count && !choices_.empty(); ++i) {
      if (i != 0) text_ += ',';
      entry(where, depth);
    }
    text_ += '}';
  }

  void entry(const shape* where, int depth) {
    const std::size_t which = choices_.byte();
    if (where == nullptr || where->members.empty() || which >= 240) {
      string(choices_.flag() ? "out_trade_no" : choices_.text(6));
      text_ += ':';
      if (where != nullptr && where->any_key && which < 240) return string(word());
      return choices_.below(4) == 0 ? unreadable() : any(nullptr, depth);
    }
    const member& chosen = where->members[which % where->members.size()];
    string(chosen.key);
    text_ += ':';
    const std::size_t how = choices_.byte();
    if (how >= 248) return any(chosen.inside, depth);
    if (how >= 240) return literal("null");
    value(chosen, depth);
  }

  void value(const member& of, int depth) {
    switch (of.holds) {
    case kind::text: return of.key == "object" ? string(object_word()) : string(word());
    case kind::integer: return literal(std::to_string(choices_.integer()));
    case kind::time: return literal(std::to_string(seconds()));
    case kind::boolean: return literal(choices_.flag() ? "true" : "false");
    case kind::object: return object(of.inside, depth + 1);
    case kind::id_or_object: return choices_.flag() ? string(word()) : object(of.inside, depth + 1);
    case kind::list: return list(of.inside, depth);
    }
  }

  void list(const shape* elements, int depth) {
    text_ += '[';
    const std::size_t count = choices_.below(4);
    for (std::size_t i = 0; i != count && !choices_.empty(); ++i) {
      if (i != 0) text_ += ',';
      elements == nullptr ? string(word()) : object(elements, depth + 1);
    }
    text_ += ']';
  }

  // What only somebody who does not read it can pass over, and what nobody can.
  void unreadable() {
    const char* values[] = {R"("\ud800")", "\"\xFF\"",  R"("\x")",    "\"\n\"",
                            "1e999",       "01",        "nul",        "'a'",
                            "[,]",         "{1:}",      "[1 2]",      R"(["\"]"])",
                            R"("\\")",     R"(["\\"])", "[\"\xC3\"]", R"({"id":"\ud800"})",
                            "[}",          R"("\")",    R"(["\\\"])", "",
                            "[[]",         "1 2"};
    literal(choices_.pick(values));
  }

  void any(const shape* inside, int depth) {
    const char* numbers[] = {"0",
                             "-0",
                             "-1",
                             "1.0",
                             "1e3",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775809",
                             "1e999",
                             "253402300800"};
    switch (choices_.below(8)) {
    case 0: return literal("null");
    case 1: return literal(choices_.flag() ? "true" : "false");
    case 2: return literal(choices_.pick(numbers));
    case 3: return literal(std::to_string(choices_.integer()));
    case 4: return string(choices_.text(20));
    case 5: return string(word());
    case 6: return depth < 6 ? object(inside, depth + 1) : literal("{}");
    default: return depth < 6 ? list(inside, depth + 1) : literal("[]");
    }
  }

  std::int64_t seconds() {
    const std::int64_t times[] = {0, 1, 1774256386, 1774342786, 253402300799, 253402300800, -1};
    return choices_.pick(times);
  }

  std::string object_word() {
    const char* words[] = {
        "charge",           "checkout.session", "payment_intent", "list", "",
        "checkout.session", "payment_intent",   "list",           "",     "event"};
    return choices_.pick(words);
  }

  std::string word() {
    const char* words[] = {"",
                           "open",
                           "complete",
                           "expired",
                           "paid",
                           "unpaid",
                           "payment",
                           "setup",
                           "subscription",
                           "no_payment_required",
                           "canceled",
                           "succeeded",
                           "cny",
                           "cs_test_a",
                           "pi_1",
                           "requires_capture",
                           "processing",
                           "1774256382025448500"};
    return choices_.flag() ? choices_.pick(words) : choices_.text(20);
  }

  void literal(const std::string& text) { text_ += text; }

  void string(const std::string& text) {
    const auto replace = nlohmann::json::error_handler_t::replace;
    text_ += nlohmann::json(text).dump(-1, ' ', choices_.flag(), replace);
  }

  byte_source& choices_;
  std::string text_;
};

} // namespace fuzz
