// Goes through every way of an order.
#pragma once

#include "shop.hpp"

// As customers and a shopkeeper would, over HTTP, with a shop that runs, has a fake Stripe, and
// reconciles with it only where a way says so. Prints a line for each way and gives the process's
// exit code.
int check_every_way(shop& shop);
