// An application that forks: what the clients' documentation says holds on both sides.
#include "client_fixture.hpp"

#include <stripe_return/client/session_client.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <future>

namespace {

namespace sr = stripe_return;

std::string id_fetched(const sr::result<sr::observation>& answer) {
  return answer ? answer->session.id : std::string(to_string(answer.error().code));
}

class Fork : public ::testing::Test {
protected:
  sr::client_options options() const {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = server_.url();
    options.ca_file = ca_.ca_file();
    options.deadline = loopback::patience;
    return options;
  }

  static std::string fetched(const sr::session_client& stripe, const std::string& id) {
    return id_fetched(stripe.retrieve(id_of(id)));
  }

  static std::string fetched(sr::async_session_client& stripe, const std::string& id) {
    std::promise<std::string> answered;
    stripe.retrieve(id_of(id), {},
                    [&](const auto& answer) { answered.set_value(id_fetched(answer)); });
    return answered.get_future().get();
  }

  // What a worker does: clients of its own, and a fetch by each.
  bool fetches_by_its_own_clients(const std::string& id) const {
    const sr::session_client blocking(options());
    sr::async_session_client async(options());
    return fetched(blocking, id + "b") == id + "b" && fetched(async, id + "a") == id + "a";
  }

  // Whether the work, in a process of its own, gave true.
  template <class Work> static pid_t fork_to(const Work& work) {
    const pid_t child = fork();
    if (child == 0) _exit(work() ? 0 : 1);
    return child;
  }

  static bool succeeded(pid_t child) {
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  const loopback::test_ca ca_;
  const loopback::https_server server_{{session_response, loopback::for_localhost(ca_)}};
};

TEST_F(Fork, WorkersMakeClientsOfTheirOwn) {
  const sr::session_client blocking(options());
  sr::async_session_client async(options());
  ASSERT_EQ(fetched(blocking, "cs_test_1"), "cs_test_1");
  ASSERT_EQ(fetched(async, "cs_test_2"), "cs_test_2");
  std::vector<pid_t> workers;
  for (const char* id : {"cs_test_w1", "cs_test_w2", "cs_test_w3", "cs_test_w4"})
    workers.push_back(fork_to([&] { return fetches_by_its_own_clients(id); }));
  for (const pid_t worker : workers)
    EXPECT_TRUE(succeeded(worker));
  EXPECT_EQ(server_.requests(), 2 + 4 * 2);
}

TEST_F(Fork, LeavesTheClientsOfWhoForkedAsTheyWere) {
  const sr::session_client blocking(options());
  sr::async_session_client async(options());
  ASSERT_EQ(fetched(blocking, "cs_test_1"), "cs_test_1");
  ASSERT_EQ(fetched(async, "cs_test_2"), "cs_test_2");
  const int connections = server_.connections();
  EXPECT_TRUE(succeeded(fork_to([] { return true; })));
  EXPECT_EQ(fetched(blocking, "cs_test_3"), "cs_test_3");
  EXPECT_EQ(fetched(async, "cs_test_4"), "cs_test_4");
  EXPECT_EQ(server_.connections(), connections);
}

TEST_F(Fork, WorksBeforeTheFirstClient) {
  EXPECT_TRUE(succeeded(fork_to([&] { return fetches_by_its_own_clients("cs_test_w"); })));
  EXPECT_TRUE(fetches_by_its_own_clients("cs_test_p"));
}

} // namespace
