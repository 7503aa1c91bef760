// What a program compiled without exceptions and RTTI writes: every public header is included
// before it.
#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/return_query.hpp>

#include <memory>

namespace sr = stripe_return;

class counting_observer final : public sr::client_observer {
public:
  void on_finish(const sr::call_report&) override { ++finished_; }
  int finished() const { return finished_; }

private:
  int finished_ = 0;
};

int main() {
  const sr::result<sr::session_id> none = sr::parse_return_query("");
  if (none || none.error().code != sr::error_code::missing_session_id) return 1;
  sr::result<sr::session_id> id = sr::parse_return_query("session_id=cs_test_a1");
  const sr::result<sr::session_id>& same = id;
  sr::result<void> done;
  done.value();
  if (!id || id.value() != same.value() || sr::result<int>(7).value() != 7) return 2;

  const auto observer = std::make_shared<counting_observer>();
  sr::client_parts parts;
  parts.observer = observer;
  const sr::session_client client({}, parts);
  const auto fetched = client.retrieve(*id);
  if (fetched || fetched.error().code != sr::error_code::missing_secret_key) return 3;
  return observer->finished() == 1 ? 0 : 4;
}
