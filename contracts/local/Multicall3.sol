// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Multicall3
/// @notice Many calls in one, all in the same block. On a local chain it stands where nearly every other chain has Multicall3
/// (github.com/mds1/multicall3), and answers in the same way as far as the operator asks. It holds nothing, and takes no coin.
contract Multicall3 {
    /// @notice One of many calls.
    /// @param target what is called
    /// @param allowFailure whether the others stand when this one reverts
    /// @param callData selector and arguments
    struct Call3 {
        address target;
        bool allowFailure;
        bytes callData;
    }

    /// @notice What a call came to.
    /// @param success false when it reverted
    /// @param returnData what it returned, or why it reverted
    struct Result {
        bool success;
        bytes returnData;
    }

    /// @notice A call reverted that was not allowed to.
    error CallFailed(uint256 index, bytes returnData);

    /// @notice Makes all calls in their order.
    /// @param calls what to call
    /// @return results in the order of the calls
    function aggregate3(Call3[] calldata calls) external returns (Result[] memory results) {
        results = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            (bool success, bytes memory returnData) = calls[i].target.call(calls[i].callData);
            if (!success && !calls[i].allowFailure) {
                revert CallFailed(i, returnData);
            }
            results[i] = Result(success, returnData);
        }
    }

    /// @notice The number of the block.
    function getBlockNumber() external view returns (uint256) {
        return block.number;
    }

    /// @notice What an account holds of the chain's own coin, in wei.
    /// @param account whose
    function getEthBalance(address account) external view returns (uint256) {
        return account.balance;
    }
}
