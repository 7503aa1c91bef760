// The documents that document_reader reads.
#include "core/document_reader.hpp"
#include "core/event_envelope.hpp"
#include "core/event_reader.hpp"
#include "core/raw_list.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

template <class T> result<T> read_document(std::string_view json, place root) {
  T document;
  document_reader reader(json);
  if (!reader.read(root, &document)) return *reader.failure();
  return document;
}

// Another object may have a field of another type before the word that says what it is.
error not_session(error failure, std::string_view json) {
  const bool about_a_field = failure.code == error_code::unexpected_type ||
                             failure.code == error_code::number_out_of_range;
  if (!about_a_field) return failure;
  document_reader reader(json);
  const bool says_so = !reader.read(place::object_word, nullptr) &&
                       reader.failure()->code == error_code::wrong_object;
  return says_so ? *reader.failure() : failure;
}

// As much of it as there is.
checkout_session name_of_unreadable(std::string_view json) {
  checkout_session named;
  document_reader(json).read(place::unreadable_session, &named);
  return named;
}

} // namespace

result<checkout_session> parse_checkout_session(std::string_view json) {
  auto session = read_document<checkout_session>(json, place::session);
  if (!session) return not_session(std::move(session).error(), json);
  return session;
}

result<session_page> parse_session_page(std::string_view json) {
  const auto list = read_document<raw_list>(json, place::raw_list);
  if (!list) return list.error();
  session_page page;
  page.has_more = list->has_more;
  for (const std::string_view each : list->data) {
    result<checkout_session> session = parse_checkout_session(each);
    if (!session && session.error().code == error_code::wrong_object)
      return std::move(session).error();
    if (session && session->object.empty()) {
      return error{error_code::wrong_object,
                   "The list contains an object that is not a Checkout Session: check api_base."};
    }
    page.data.push_back(session ? *std::move(session) : name_of_unreadable(each));
  }
  return page;
}

result<line_item_page> parse_line_items(std::string_view json) {
  return read_document<line_item_page>(json, place::line_item_page);
}

result<event_page> parse_event_page(std::string_view json) {
  const auto list = read_document<raw_list>(json, place::raw_list);
  if (!list) return list.error();
  event_page page;
  page.has_more = list->has_more;
  for (const std::string_view each : list->data) {
    event_reading read = read_event(each);
    if (!read.is_event) {
      return error{error_code::wrong_object,
                   "The list contains an object that is not an event: check api_base."};
    }
    judge_relevance(read.event, std::nullopt, {});
    page.data.push_back(std::move(read.event));
  }
  return page;
}

} // namespace v0
} // namespace stripe_return
