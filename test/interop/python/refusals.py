"""What AWS must refuse even its administrator, by the error code that AWS documents."""

from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from report import Report


def code_of(call) -> str:
    try:
        call()
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return "accepted"


def check_archive_refusals(report: Report, s3, bucket: str, key: str) -> None:
    head = s3.head_object(Bucket=bucket, Key=key)
    version, until = head["VersionId"], head["ObjectLockRetainUntilDate"]
    here = {"Bucket": bucket, "Key": key}
    exact = {**here, "VersionId": version}
    locked = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": datetime(2100, 1, 1, tzinfo=UTC)}
    tomorrow = datetime.now(UTC) + timedelta(days=2)

    def retention(mode: str, when: datetime, **more):
        return lambda: s3.put_object_retention(**exact, Retention={"Mode": mode, "RetainUntilDate": when}, **more)

    for name, call, want in [
        ("deleting a locked version", lambda: s3.delete_object(**exact), "AccessDenied"),
        ("… bypassing governance", lambda: s3.delete_object(**exact, BypassGovernanceRetention=True), "AccessDenied"),
        ("hiding it behind a delete marker", lambda: s3.delete_object(**here), "AccessDenied"),
        ("overwriting it", lambda: s3.put_object(**here, Body=b"forged"), "AccessDenied"),
        ("overwriting it, locked", lambda: s3.put_object(**here, Body=b"forged", **locked), "AccessDenied"),
        ("… on the condition that it is not there", lambda: s3.put_object(**here, Body=b"forged", IfNoneMatch="*", **locked), "AccessDenied"),
        ("a new object without If-None-Match", lambda: s3.put_object(Bucket=bucket, Key="entries/x", Body=b"x", **locked), "AccessDenied"),
        ("a new object without a lock", lambda: s3.put_object(Bucket=bucket, Key="entries/x", Body=b"x", IfNoneMatch="*"), "AccessDenied"),
        ("a new object in governance mode", lambda: s3.put_object(Bucket=bucket, Key="entries/x", Body=b"x", IfNoneMatch="*", **{**locked, "ObjectLockMode": "GOVERNANCE"}), "AccessDenied"),
        ("a copy over it", lambda: s3.copy_object(**here, CopySource=here, MetadataDirective="REPLACE"), "AccessDenied"),
        ("shortening its retention", retention("COMPLIANCE", tomorrow), "AccessDenied"),
        ("… bypassing governance", retention("COMPLIANCE", tomorrow, BypassGovernanceRetention=True), "AccessDenied"),
        ("weakening its mode", retention("GOVERNANCE", datetime(2100, 1, 1, tzinfo=UTC)), "AccessDenied"),
        ("removing its retention", lambda: s3.put_object_retention(**exact, Retention={}), "AccessDenied"),
        ("suspending versions", lambda: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}), "AccessDenied"),
        ("deleting the bucket", lambda: s3.delete_bucket(Bucket=bucket), "AccessDenied"),
    ]:  # fmt: skip
        report.same(f"S3 refuses {name}", code_of(call), want)

    several = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key, "VersionId": version}, {"Key": key}]})
    report.same("S3 refuses deleting several", [each["Code"] for each in several.get("Errors", [])], ["AccessDenied"] * 2)
    after = s3.head_object(Bucket=bucket, Key=key)
    report.same(
        "the version is what it was",
        (after["VersionId"], after["ETag"], after["ObjectLockMode"], after["ObjectLockRetainUntilDate"]),
        (version, head["ETag"], "COMPLIANCE", until),
    )
    versions = s3.list_object_versions(Bucket=bucket, Prefix=key)
    report.same("it is the only one", (len(versions["Versions"]), len(versions.get("DeleteMarkers", []))), (1, 0))


def check_ledger_refusals(report: Report, dynamodb, table: str, item: dict) -> None:
    key = {name: item[name] for name in ("chain", "position")}
    for name, call, want in [
        ("UpdateItem", lambda: dynamodb.update_item(TableName=table, Key=key, UpdateExpression="SET v = :v", ExpressionAttributeValues={":v": {"N": "2"}}), "AccessDeniedException"),
        ("DeleteItem", lambda: dynamodb.delete_item(TableName=table, Key=key), "AccessDeniedException"),
        ("BatchWriteItem of a delete", lambda: dynamodb.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key}}]}), "AccessDeniedException"),
        ("BatchWriteItem of a put", lambda: dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}}]}), "AccessDeniedException"),
        ("a delete in a transaction", lambda: dynamodb.transact_write_items(TransactItems=[{"Delete": {"TableName": table, "Key": key}}]), "AccessDeniedException"),
        ("an update in a transaction", lambda: dynamodb.transact_write_items(TransactItems=[{"Update": {"TableName": table, "Key": key, "UpdateExpression": "REMOVE v"}}]), "AccessDeniedException"),
        ("PartiQL's DELETE", lambda: dynamodb.execute_statement(Statement=f'DELETE FROM "{table}" WHERE chain=? AND position=?', Parameters=[key["chain"], key["position"]]), "AccessDeniedException"),
        ("PartiQL's UPDATE", lambda: dynamodb.execute_statement(Statement=f'UPDATE "{table}" SET v=2 WHERE chain=? AND position=?', Parameters=[key["chain"], key["position"]]), "AccessDeniedException"),
        ("a put over a block", lambda: dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(chain)"), "ConditionalCheckFailedException"),
        ("DeleteTable", lambda: dynamodb.delete_table(TableName=table), "AccessDeniedException"),
    ]:  # fmt: skip
        report.same(f"DynamoDB refuses {name}", code_of(call), want)
    stored = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
    report.same("the block is what it was", stored, item)


def check_event_refusals(report: Report, events) -> None:
    for source in ("aws.iam", "aws.", "aws.made-up"):
        answer = events.put_events(Entries=[{"Source": source, "DetailType": "AWS API Call via CloudTrail", "Detail": "{}"}])
        report.same(
            f"EventBridge refuses the source {source}",
            (answer["FailedEntryCount"], answer["Entries"][0].get("ErrorCode")),
            (1, "NotAuthorizedForSourceException"),
        )
