from accounts.models import Store, User


def test_for_user_gives_only_stores_one_works_for(store: Store, bob: User, carol: User) -> None:
    assert list(Store.objects.for_user(bob)) == [store]
    assert list(Store.objects.for_user(carol)) == []
