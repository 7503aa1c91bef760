// Reads Stripe's documents in one pass over their JSON: what document_fields.cpp names, and nothing
// else.
#pragma once

#include "core/json_text.hpp"

#include <stripe_return/core/checkout_session.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

// The objects that are read.
enum class place : std::uint8_t {
  nothing, // an object of which nothing is read
  metadata,
  id, // an object that stands in place of its id
  session,
  payment_intent,
  charge,
  currency_conversion,
  after_expiration,
  recovery,
  line_item_page,
  line_item,
  price,
  raw_list,
  unreadable_session,
  event,
  event_data,
  related_object,
  paid_object, // what has a PaymentIntent
  object_word,
  error_body,
  error_object,
  count
};

class document_reader;

// A value, and what its place is read into.
struct arrival {
  document_reader& reader;
  void* into;
  const json_value& value;
};

using read_function = bool (*)(const arrival&); // false: the reader has failed

struct field {
  place where;
  std::string_view key;
  read_function read;
};

struct place_fields {
  const field* first = nullptr;
  std::size_t count = 0;
  std::uint64_t shapes = 0; // of all their keys
};

place_fields fields_of(place where) noexcept;

// Called when the place has been read; `said` is document_reader::said(). What the place is part
// of is inner_into() by then.
bool finish(document_reader& reader, place where, void* into, bool said);

class document_reader {
public:
  explicit document_reader(std::string_view json) noexcept : text_(json) {}

  // Passes over each value that cannot be read, and goes on. It must not be one that was entered.
  // Only the structure makes read() false then; failure() says what came first in either case.
  void pass_over_faults() noexcept { passes_over_faults_ = true; }
  // Reads the whole text, an object, into what that place is read into. False: failure() says why.
  bool read(place root, void* into);
  const std::optional<error>& failure() const noexcept { return failure_; }

  // The rest is for the fields. Goes on with what is in the value, an object of that place, or an
  // object or a list whose entries are all alike.
  bool enter(const json_value& value, place where, void* into);
  bool enter_each(const json_value& value, json_value::kind wanted, place where, void* into,
                  read_function each);
  // Passes over what is left of the value.
  bool pass_over(const json_value& value);
  // The same with an object, to read its text later.
  bool set_aside(const json_value& value, std::string_view& text);
  // Whether this object has said that it is what its place is for.
  bool& said() noexcept { return frames_[depth_ - 1].said; }
  std::vector<metadata::entry>& entries() noexcept { return entries_; } // of this metadata

  std::size_t depth() const noexcept { return depth_; }
  void* inner_into() const noexcept { return frames_[depth_ - 1].into; }

  bool fail(error_code code, std::string message);
  bool wrong_type();
  bool out_of_range();

private:
  struct frame {
    place where;
    void* into;
    std::string_view name; // of the field that it is the value of
    place_fields known;    // its fields, or
    read_function each;    // what reads each of its entries
    bool list;
    std::uint64_t seen = 0; // a bit for each known key that has come already
    bool empty = true;      // so far
    bool said = false;
  };

  bool read_next();
  bool read_member(frame& here, std::string_view key);
  bool read_entry(read_function take, frame& here);
  bool read_value(json_value& value);
  bool leave();
  bool not_json();

  json_text text_;
  std::array<frame, 12> frames_{}; // deeper than any place that is read
  std::size_t depth_ = 0;
  std::string_view name_; // of the field that came last
  std::vector<metadata::entry> entries_;
  bool passes_over_faults_ = false;
  std::optional<error> failure_; // the first
};

} // namespace v0
} // namespace stripe_return
