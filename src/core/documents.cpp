// The documents that session_reader reads.
#include "core/object_word.hpp"
#include "core/session_reader.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

// Another object may have a field of another type before the word that says what it is.
error session_reader::not_session(error failure, std::string_view json) {
  const bool about_a_field = failure.code == error_code::unexpected_type ||
                             failure.code == error_code::number_out_of_range;
  if (!about_a_field) return failure;
  session_reader reader(document::checkout_session);
  reader.depth_ = 1; // as where the word stands in a session
  reader.check_object(object_word(json), "checkout.session");
  return reader.failure_.value_or(std::move(failure));
}

result<checkout_session> parse_checkout_session(std::string_view json) {
  session_reader reader(session_reader::document::checkout_session);
  if (!reader.read(json)) return session_reader::not_session(*reader.failure(), json);
  return std::move(reader.session());
}

result<session_page> parse_session_page(std::string_view json) {
  session_reader reader(session_reader::document::session_page);
  if (!reader.read(json)) return *reader.failure();
  return std::move(reader.sessions());
}

result<line_item_page> parse_line_items(std::string_view json) {
  session_reader reader(session_reader::document::line_item_page);
  if (!reader.read(json)) return *reader.failure();
  return std::move(reader.line_items());
}

result<event> read_event(std::string_view json) {
  session_reader reader(session_reader::document::event);
  if (!reader.read(json)) return *reader.failure();
  return std::move(reader.event());
}

result<event_page> parse_event_page(std::string_view json) {
  session_reader reader(session_reader::document::event_page);
  if (!reader.read(json)) return *reader.failure();
  for (event& each : reader.events().data)
    judge_relevance(each, std::nullopt, {});
  return std::move(reader.events());
}

} // namespace v0
} // namespace stripe_return
