// Goes through every way of an order.
#pragma once

#include "shop.hpp"

// As customers and a shopkeeper would, over HTTP alone, with a shop that runs and has a fake
// Stripe. Prints a line for each way and gives the process's exit code.
int check_every_way(const shop& shop);
