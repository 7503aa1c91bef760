#include "core/document_reader.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using kind = json_value::kind;

} // namespace

bool document_reader::read(place root, void* into) {
  json_value document;
  if (!read_value(document) || !enter(document, root, into)) return false;
  while (depth_ != 0) {
    if (!read_next()) return false;
  }
  return text_.at_end() || not_json();
}

bool document_reader::read_next() {
  frame& here = frames_[depth_ - 1];
  const bool first = std::exchange(here.empty, false);
  std::string_view key;
  const json_text::found found =
      here.list ? text_.find_entry(']', first) : text_.find_member(here.known.shapes, first, key);
  if (found == json_text::found::end) return leave();
  if (found == json_text::found::neither) return not_json();
  if (here.each == nullptr) return read_member(here, key);
  if (!here.list) entries_.emplace_back(key, std::string());
  name_ = here.name;
  return read_entry(here.each, here);
}

bool document_reader::read_member(frame& here, std::string_view key) {
  const field* const end = here.known.first + here.known.count;
  const field* const known =
      std::find_if(here.known.first, end, [&](const field& each) { return each.key == key; });
  if (known == end) return text_.skip_value() || not_json();
  name_ = known->key;
  const std::size_t value = text_.position();
  const std::uint64_t bit = std::uint64_t{1} << (known - here.known.first);
  const bool again = (here.seen & bit) != 0;
  here.seen |= bit;
  const bool read =
      again ? fail(error_code::repeated_key,
                   "The key " + std::string(name_) +
                       " stands there twice in one object: give the document as Stripe sent it.")
            : read_entry(known->read, here);
  if (read || !passes_over_faults_) return read;
  text_.go_back(value);
  return text_.skip_value() || not_json();
}

bool document_reader::read_entry(read_function take, frame& here) {
  json_value value;
  if (!read_value(value)) return false;
  // null, "" and absent are the same, but for the elements of a list.
  return (value.is == kind::null && !here.list) || take({*this, here.into, value});
}

bool document_reader::read_value(json_value& value) {
  if (!text_.read_value(value)) return not_json();
  if (value.is != kind::huge_number) return true;
  return fail(error_code::number_out_of_range,
              "A number in the document is out of range: pass the document as Stripe sent it.");
}

bool document_reader::leave() {
  const frame& left = frames_[--depth_];
  return finish(*this, left.where, left.into, left.said);
}

bool document_reader::enter(const json_value& value, place where, void* into) {
  if (value.is != kind::object) return wrong_type();
  text_.enter();
  frames_[depth_++] = {where, into, name_, fields_of(where), nullptr, false};
  return true;
}

bool document_reader::enter_each(const json_value& value, kind wanted, place where, void* into,
                                 read_function each) {
  if (value.is != wanted) return wrong_type();
  text_.enter();
  const place_fields any_key{nullptr, 0, ~std::uint64_t{0}};
  frames_[depth_++] = {where, into, name_, any_key, each, wanted == kind::list};
  return true;
}

bool document_reader::pass_over(const json_value& value) {
  const bool begins = value.is == kind::object || value.is == kind::list;
  return !begins || text_.skip_value() || not_json();
}

bool document_reader::set_aside(const json_value& value, std::string_view& text) {
  if (value.is != kind::object) return wrong_type();
  const std::size_t begin = text_.position();
  if (!text_.skip_value()) return not_json();
  text = text_.text_since(begin);
  return true;
}

bool document_reader::wrong_type() {
  if (depth_ == 0) {
    return fail(error_code::wrong_object,
                "The JSON document is not an object: pass all that Stripe sent.");
  }
  return fail(
      error_code::unexpected_type,
      "The field " + std::string(name_) +
          " holds another JSON type than Stripe documents: give the document as Stripe sent it.");
}

bool document_reader::out_of_range() {
  return fail(error_code::number_out_of_range,
              "The field " + std::string(name_) +
                  " holds no integer in its range: give the document as Stripe sent it.");
}

bool document_reader::not_json() {
  return fail(error_code::not_json, "Not one whole JSON document: reading it failed at byte " +
                                        std::to_string(text_.position()) + ".");
}

bool document_reader::fail(error_code code, std::string message) {
  if (!failure_) failure_ = error{code, std::move(message)};
  return false;
}

} // namespace v0
} // namespace stripe_return
