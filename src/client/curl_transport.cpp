#include <stripe_return/client/curl_transport.hpp>

#include "client/curl_transfer.hpp"

#include <condition_variable>
#include <list>
#include <mutex>
#include <utility>

namespace stripe_return {
inline namespace v0 {

// One multi handle serves all threads, so that they share its connections and its parsed CA store;
// src/adr/0002-one-multi-handle.md tells why. Of the threads inside send(), one at a time drives
// the multi handle for all of them; when its own transfer is done, it hands the driving on.
class curl_transport::engine {
public:
  explicit engine(curl_transport_options options)
      : handles_(std::move(options)), multi_(curl_multi_init()) {}

  result<http_response> send(const http_request& request) {
    waiting_transfer self;
    if (!multi_ || !self.prepare(take_handle(), request, handles_.options().max_response_bytes)) {
      return out_of_memory();
    }
    std::list<waiting_transfer*> place{&self}; // its node moves from list to list: no allocation
    self.place = place.begin();
    {
      std::unique_lock<std::mutex> lock(mutex_);
      waiting_.splice(waiting_.end(), place);
      if (driven_) {
        curl_multi_wakeup(multi_.get());
        self.turn.wait(lock, [&] { return self.done || !driven_; });
      }
      if (!self.done) drive(lock, self);
    }
    result<http_response> outcome = self.finish(self.code);
    easy_handle easy = self.release();
    const std::lock_guard<std::mutex> lock(mutex_);
    handles_.put_back(std::move(easy));
    return outcome;
  }

private:
  struct waiting_transfer : curl_transfer {
    CURLcode code = CURLE_OK;
    bool done = false;            // guarded by mutex_
    std::condition_variable turn; // of this thread to go on: done, or to drive
    std::list<waiting_transfer*>::iterator place;
  };

  easy_handle take_handle() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return handles_.take();
  }

  // Does the network work of every transfer until `self` is done. The lock is held on entry and on
  // return, and not while libcurl works: only the driving thread touches the multi handle.
  void drive(std::unique_lock<std::mutex>& lock, waiting_transfer& self) {
    driven_ = true;
    while (!self.done) {
      while (!waiting_.empty()) {
        waiting_transfer& next = *waiting_.front();
        active_.splice(active_.end(), waiting_, next.place);
        if (curl_multi_add_handle(multi_.get(), next.easy()) != CURLM_OK) {
          complete(next, CURLE_FAILED_INIT);
        }
      }
      lock.unlock();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      lock.lock();
      complete_finished();
      if (self.done) break;
      lock.unlock();
      curl_multi_poll(multi_.get(), nullptr, 0, 1000, nullptr); // wakes for libcurl's own timers
      lock.lock();
    }
    driven_ = false;
    const std::list<waiting_transfer*>& others = active_.empty() ? waiting_ : active_;
    if (!others.empty()) others.front()->turn.notify_one();
  }

  void complete_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      CURL* easy = message->easy_handle; // the message goes with it
      curl_multi_remove_handle(multi_.get(), easy);
      complete(static_cast<waiting_transfer&>(*curl_transfer::of(easy)), code);
    }
  }

  void complete(waiting_transfer& finished, CURLcode code) {
    active_.erase(finished.place);
    finished.code = code;
    finished.done = true;
    finished.turn.notify_one();
  }

  std::mutex mutex_; // guards all but multi_
  easy_handles handles_;
  multi_handle multi_; // touched by the driving thread alone, but for curl_multi_wakeup()
  bool driven_ = false;
  std::list<waiting_transfer*> waiting_; // for the driving thread to take in
  std::list<waiting_transfer*> active_;
};

curl_transport::curl_transport(curl_transport_options options)
    : engine_(std::make_unique<engine>(std::move(options))) {}

curl_transport::~curl_transport() = default;

result<http_response> curl_transport::send(const http_request& request) {
  return engine_->send(request);
}

} // namespace v0
} // namespace stripe_return
