"""What the screens show: the present state of the hall in the shapes of the routes, a file for each subject.

Every view is made from the floor in one go and carries the `seq` it is true for.
"""
