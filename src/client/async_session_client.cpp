#include "client/async_engine.hpp"
#include "core/enum_words.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(lane lane) noexcept {
  return word_of(lane, {"known", "unknown", "background"});
}

observer::~observer() = default;
void observer::on_start(lane) {}
void observer::on_retry(lane, error_code, std::chrono::milliseconds) {}
void observer::on_finish(const fetch_report&) {}

std::string_view to_string(fd_interest interest) noexcept {
  return word_of(interest, {"none", "read", "write", "read_write"});
}

event_loop::~event_loop() = default;

async_engine::async_engine(client_options options, load_options load)
    : load_(std::move(load)), access_(std::move(options)),
      wire_({access_.options().ca_file, access_.options().proxy,
             access_.options().max_response_bytes},
            load_.max_in_flight),
      scheduler_(access_, load_, clock_, wire_) {}

bool async_engine::call_back() {
  const std::unique_ptr<fetch_scheduler::completion> next = scheduler_.next_completion();
  if (!next) return false;
  if (load_.observer) load_.observer->on_finish(next->report);
  if (!load_.executor) {
    next->done(std::move(next->answer));
  } else {
    load_.executor([done = std::move(next->done), answer = std::move(next->answer)]() mutable {
      done(std::move(answer));
    });
  }
  return true;
}

void pending_fetch::cancel() const {
  if (const std::shared_ptr<async_engine> client = engine_.lock()) client->cancel(id_);
}

async_session_client::async_session_client(client_options options, load_options load)
    : engine_(make_thread_engine(std::move(options), std::move(load))) {}

async_session_client::async_session_client(client_options options, event_loop& loop,
                                           load_options load)
    : engine_(make_loop_engine(std::move(options), loop, std::move(load))) {}

async_session_client::~async_session_client() {
  engine_->close();
}

pending_fetch async_session_client::retrieve(result<session_id> id, async_retrieve_options options,
                                             callback done) {
  const std::shared_ptr<async_engine> engine = engine_; // the callback may destroy this meanwhile
  pending_fetch call;
  call.id_ = engine->retrieve(std::move(id), std::move(options), std::move(done));
  call.engine_ = engine;
  return call;
}

void async_session_client::set_secret_key(secret key) {
  engine_->set_secret_key(std::move(key));
}

} // namespace v0
} // namespace stripe_return
