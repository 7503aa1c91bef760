// Reads Checkout Sessions, line items, events and lists of them in one pass over the JSON, without
// a tree.
#pragma once

#include "core/event_reader.hpp"
#include "core/known_keys.hpp"

#include <stripe_return/core/checkout_session.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

// The handler of nlohmann's SAX interface. What is not read is skipped unseen, whatever its shape.
class session_reader {
public:
  enum class document : std::uint8_t {
    checkout_session,
    session_page,
    line_item_page,
    event,
    event_page
  };

  explicit session_reader(document expected);

  // Why `json` is no Checkout Session, after reading it ended with `failure`.
  static error not_session(error failure, std::string_view json);

  // Reads the whole text. False: failure() says why.
  bool read(std::string_view json);
  const std::optional<error>& failure() const noexcept { return failure_; }
  checkout_session& session() noexcept { return session_; }
  line_item_page& line_items() noexcept { return line_items_; }
  session_page& sessions() noexcept { return sessions_; }
  stripe_return::event& event() noexcept { return event_; }
  event_page& events() noexcept { return events_; }

  // The events of nlohmann's SAX interface. One that returns false ends the reading.
  bool null();
  bool boolean(bool value);
  bool number_integer(std::int64_t value);
  bool number_unsigned(std::uint64_t value);
  bool number_float(double, const std::string&);
  bool string(std::string& value);
  bool binary(std::vector<std::uint8_t>&);
  bool start_object(std::size_t);
  bool key(std::string& name);
  bool end_object();
  bool start_array(std::size_t);
  bool end_array();
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&);

private:
  // Where in the document the reader stands: the objects and arrays that are read.
  enum class place : std::uint8_t {
    outside,
    session,
    metadata,
    payment_intent,
    payment_intent_metadata,
    charge,
    setup_intent,
    subscription,
    currency_conversion,
    after_expiration,
    recovery,
    line_item_page,
    line_item,
    price,
    product,
    event,
    event_data,
    session_page,
    event_page,
    line_item_array, // the arrays come last: see leave()
    session_array,
    event_array,
  };

  // What the value that comes next is for: the place, then the key.
  enum class field : std::uint8_t {
    document, // the whole text
    element,  // of an array
    ignored,
    session_object,
    session_id,
    session_status,
    session_payment_status,
    session_mode,
    session_livemode,
    session_created,
    session_expires_at,
    session_amount_subtotal,
    session_amount_total,
    session_currency,
    session_currency_conversion,
    session_client_reference_id,
    session_metadata,
    session_payment_intent,
    session_setup_intent,
    session_subscription,
    session_recovered_from,
    session_after_expiration,
    session_line_items,
    session_url,
    session_client_secret,
    metadata_value,
    payment_intent_object,
    payment_intent_id,
    payment_intent_status,
    payment_intent_metadata,
    payment_intent_latest_charge,
    charge_object,
    charge_amount_refunded,
    charge_disputed,
    setup_intent_id,
    subscription_id,
    conversion_amount_subtotal,
    conversion_amount_total,
    conversion_source_currency,
    after_expiration_recovery,
    recovery_url,
    recovery_expires_at,
    page_object,
    page_data,
    page_has_more,
    item_id,
    item_description,
    item_quantity,
    item_amount_subtotal,
    item_amount_total,
    item_currency,
    item_price,
    price_id,
    price_product,
    product_id,
    event_object,
    event_id,
    event_type,
    event_created,
    event_livemode,
    event_account,
    event_context,
    event_data,
    data_object,
  };

  using known_key = stripe_return::known_key<field>;
  using known_keys = stripe_return::known_keys<field>;

  struct frame {
    place where;
    std::uint32_t seen; // a bit for each known key of the place that has come already
    known_keys known;
  };

  static known_keys keys_of(place where) noexcept;
  place where() const noexcept { return frames_[depth_ - 1].where; }
  bool& has_more() noexcept;
  bool enter(place where) noexcept;
  void leave() noexcept;
  bool timestamp(std::optional<unix_seconds>& target, std::int64_t value);
  bool finish_metadata(metadata& target);
  void finish_payment_intent();
  void finish_charge();
  bool finish_event();
  bool session_object(std::string& actual);
  bool event_object(std::string_view actual);
  bool check_object(std::string_view actual, std::string_view wanted);
  bool not_json(std::size_t position);
  bool fail(error_code code, std::string message);
  bool wrong_type();
  bool out_of_range();
  bool not_an_integer();
  line_item& item() { return line_items_.data.back(); }

  std::array<frame, 11> frames_{}; // deeper than any place that is read
  std::size_t depth_ = 0;
  std::size_t skipped_ =
      0; // open objects and arrays in a value that is not read; field_ is ignored
  field field_ = field::document;
  std::string_view name_; // of the key that came last, if it is known
  document expected_;

  checkout_session session_;
  line_item_page line_items_;
  session_page sessions_;
  stripe_return::event event_;
  bool is_event_ = false; // it says so itself
  event_page events_;
  std::string payment_intent_object_;
  std::string charge_object_;
  std::vector<metadata::entry> entries_; // of the metadata being read
  std::optional<error> failure_;
};

} // namespace v0
} // namespace stripe_return
